import { type Control, startControl } from "./control/control.ts";
import { RsaKey } from "./crypto/rsa-key.ts";
import { createHandlers } from "./methods/handlers.ts";
import { migrationOf } from "./methods/migration.ts";
import { type ConnectionView, createMtprotoServer, type MtprotoStats } from "./mtproto/server.ts";
import { type ApiLayer, gramjsLayer } from "./tl/layers.ts";
import { World } from "./world/world.ts";
import { WorldState } from "./world/world-state.ts";

export interface EmulatorOptions {
  /** How many, numbered from 1. @default 2; 1 to 5 */
  readonly dataCentres?: number;
  /** Of each data centre, one port each. @default 1; 1 to 4 */
  readonly addresses?: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** Of the HTTP control; 0 takes a free one. @default 0 */
  readonly controlPort?: number;
  /** Of the first data centre, the others follow, then their second addresses; 0 takes free ones. @default 0 */
  readonly port?: number;
  /** PEM of the server's private RSA key. @default a new one */
  readonly rsaKey?: string;
  /** Push plain texts in their short forms. @default false */
  readonly usesShortUpdates?: boolean;
  /** Layers of clients beside npm `telegram`, which is always served. @default none */
  readonly layers?: readonly ApiLayer[];
  /** Told of every call, by its TL method and the auth key that it came over, before it is carried out or meets a fault. */
  readonly onCall?: (method: string, authKeyId: string) => void;
  /** In milliseconds. @default Date.now */
  readonly now?: () => number;
  /** What messages are dated by, where the protocol goes by another time. @default `now` */
  readonly worldNow?: () => number;
}

export interface EmulatorStats extends MtprotoStats {
  readonly users: number;
  readonly chats: number;
}

/** A local Telegram: MTProto on one port a data centre, and an HTTP control. */
export interface Emulator extends AsyncDisposable {
  /** What a client must know to reach it, as `telegram.server` of the configuration; every address is an entry. */
  readonly server: {
    readonly dataCentres: readonly { readonly id: number; readonly host: string; readonly port: number }[];
    /** PKCS#1 PEM. */
    readonly publicKeys: readonly string[];
  };
  readonly controlUrl: string;
  readonly world: World;
  connections(): readonly ConnectionView[];
  stats(): EmulatorStats;
  /**
   * As a server that dies: cuts every connection and listens no more. The world, the keys, and the HTTP control stay;
   * the clients' sessions within their keys are forgotten.
   */
  halt(): void;
  /** Comes back on the same ports. @throws Bun's error when one of them is taken by now */
  resume(): void;
  stop(): Promise<void>;
}

/**
 * Starts it; it answers when this resolves.
 *
 * @throws {RangeError} when the number of data centres or addresses is out of bounds, and Bun's error when a port is taken
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { addresses = 1, dataCentres: count = 2, host = "127.0.0.1", port = 0, now = Date.now } = options;
  if (!Number.isInteger(count) || count < 1 || count > 5) {
    throw new RangeError(`Cannot start ${count} data centres: want 1 to 5`);
  }
  if (!Number.isInteger(addresses) || addresses < 1 || addresses > 4) {
    throw new RangeError(`Cannot start with ${addresses} addresses a data centre: want 1 to 4`);
  }
  const dataCentreIds = Array.from({ length: count }, (_, index) => index + 1);
  const clock = (): number => now() + skewMs();
  // Nobody asks for the time before the world is made.
  const skewMs = () => state.clockSkewMs;
  const { worldNow = now } = options;
  const state: WorldState = new WorldState({
    now: () => worldNow() + skewMs(),
    usesShortUpdates: options.usesShortUpdates ?? false,
    dataCentreIds,
  });
  const world = new World(state);
  const server = createMtprotoServer({
    host,
    dataCentres: Array.from({ length: addresses * count }, (_, index) => ({
      id: (index % count) + 1,
      port: port === 0 ? 0 : port + index,
    })),
    rsaKey: options.rsaKey === undefined ? RsaKey.generate() : RsaKey.fromPem(options.rsaKey),
    handlers: () => createHandlers(state, () => server.dataCentres),
    layers: [gramjsLayer, ...(options.layers ?? [])],
    intercept: (method, call) => {
      options.onCall?.(method, call.authKeyId);
      return (
        state.faults.meet(state.authorizations.userOf(call.authKeyId), method) ??
        migrationOf(state, method, call)
      );
    },
    now: clock,
  });
  state.push = server.push;
  state.wire = server.wire;
  const stats = (): EmulatorStats => ({
    ...server.stats(),
    users: state.people.size,
    chats: state.chats.size,
  });
  let control: Control;
  try {
    control = startControl(
      {
        world,
        connections: () => server.connections(),
        stats,
        server: () => server,
        halt: () => server.halt(),
        resume: () => server.resume(),
      },
      { host, port: options.controlPort ?? 0 },
    );
  } catch (error) {
    await server.stop();
    throw error;
  }
  const stop = async (): Promise<void> => {
    await control.stop();
    await server.stop();
  };
  return {
    server: { dataCentres: server.dataCentres, publicKeys: [server.publicKeyPem] },
    controlUrl: control.url,
    world,
    connections: () => server.connections(),
    stats,
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
