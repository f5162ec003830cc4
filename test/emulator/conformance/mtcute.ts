import {
  BunCryptoProvider,
  type IPacketCodec,
  MemoryStorage,
  TcpTransport,
  TelegramClient,
} from "@mtcute/bun";
import { addPublicKey } from "@mtcute/bun/utils.js";
import apiSchema from "@mtcute/tl/api-schema.json";
import type { ApiLayer, Emulator } from "../../../runtime/emulator/index.ts";

interface Modifiers {
  readonly predicate?: string;
  readonly isVector?: boolean;
}

interface SchemaField {
  readonly name: string;
  readonly type: string;
  readonly typeModifiers?: Modifiers;
}

interface SchemaEntry extends SchemaField {
  readonly kind: string;
  readonly id: number;
  readonly arguments: readonly SchemaField[];
}

// TypeScript gives each of two thousand entries a type of its own; all have these fields.
const entries = apiSchema.e as readonly SchemaEntry[];

/** The layer that mtcute speaks, as the TL text of its schema. */
export const mtcuteLayer: ApiLayer = {
  layer: apiSchema.l,
  schema: [
    ...entries.filter(({ kind }) => kind === "class").map(lineOf),
    "---functions---",
    ...entries.filter(({ kind }) => kind === "method").map(lineOf),
  ].join("\n"),
};

function lineOf({ name, id, arguments: fields, type, typeModifiers }: SchemaEntry): string {
  const words = fields.map((field) => `${field.name}:${typeOf(field)}`);
  return `${[`${name}#${id.toString(16)}`, ...words].join(" ")} = ${typeOf({ name, type, typeModifiers: { isVector: typeModifiers?.isVector ?? false } })};`;
}

/** mtcute calls a number that is known to fit into a double `int53`; on the wire it is a `long`. */
function typeOf({ type, typeModifiers }: SchemaField): string {
  const one = type === "int53" ? "long" : type;
  const whole = typeModifiers?.isVector === true ? `Vector<${one}>` : one;
  return typeModifiers?.predicate === undefined ? whole : `${typeModifiers.predicate}?${whole}`;
}

/** How packets are framed; mtcute has no full and no abridged transport. */
export type Framing = () => IPacketCodec;

export interface MtcuteOptions {
  readonly framing: Framing;
  /** Keys of a day's life beside the permanent one. @default false */
  readonly usesTemporaryKeys?: boolean;
  readonly storage?: MemoryStorage;
}

/** mtcute as it is, pointed at the emulator. */
export async function mtcuteClient(emulator: Emulator, options: MtcuteOptions): Promise<TelegramClient> {
  const crypto = new BunCryptoProvider();
  await crypto.initialize();
  for (const key of emulator.server.publicKeys) addPublicKey(crypto, key);
  const [first] = emulator.server.dataCentres;
  if (first === undefined) throw new Error("The emulator has no data centre");
  const main = { id: first.id, ipAddress: first.host, port: first.port };
  const transport = new TcpTransport();
  return new TelegramClient({
    apiId: 1,
    apiHash: "hash",
    storage: options.storage ?? new MemoryStorage(),
    crypto,
    defaultDcs: { main, media: main },
    transport: { connect: (dataCentre) => transport.connect(dataCentre), packetCodec: options.framing },
    network: { usePfs: options.usesTemporaryKeys ?? false },
    logLevel: 0,
  });
}
