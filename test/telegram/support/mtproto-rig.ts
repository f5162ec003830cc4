import { TelegramClient } from "telegram";
import { Logger as GramLogger, LogLevel } from "telegram/extensions/Logger";
import { MemorySession } from "telegram/sessions";
import { RsaKey } from "../../../runtime/emulator/crypto/rsa-key.ts";
import type { RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { createMtprotoServer, type MtprotoServer } from "../../../runtime/emulator/mtproto/server.ts";
import { gramjsLayer } from "../../../runtime/emulator/tl/layers.ts";
import type { TlObject } from "../../../runtime/emulator/tl/value.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { type ConnectionOptions, MtprotoConnection } from "../../../runtime/telegram/connection.ts";
import { acceptServerKeys } from "../../../runtime/telegram/server-keys.ts";
import { TelegramSocket } from "../../../runtime/telegram/socket.ts";
import { createLogger } from "../../../telemetry/index.ts";

export const silent = createLogger({ write: () => undefined });

/** An MTProto server of the emulator with just the methods that a test gives it, and clients of it. */
export interface MtprotoRig extends AsyncDisposable {
  readonly server: MtprotoServer;
  /** Our connection. */
  connect(options?: Partial<ConnectionOptions>): Promise<MtprotoConnection>;
  /** GramJS's own client, as it is. @param log where it writes. @default nowhere */
  rawClient(log?: GramLogger): TelegramClient;
  /** Pushes to every session of every client. */
  push(updates: TlObject): void;
  /** Cuts every connection. */
  dropConnections(): void;
  /** Resolves when the next client connects. */
  nextConnection(): Promise<void>;
  /** Resolves when so many connections are open. */
  connections(count: number): Promise<void>;
}

const rsaKey = RsaKey.generate();

/**
 * @param dataCentreIds one listener each; the first is the one that the clients here connect to. @default [2]
 * @param now the server's clock
 */
export function startMtprotoRig(
  handlers: RpcHandlers = {},
  dataCentreIds: readonly number[] = [2],
  now: () => number = Date.now,
): MtprotoRig {
  let initialised: PromiseWithResolvers<void> | null = null;
  const closing = new Set<() => void>();
  const server: MtprotoServer = createMtprotoServer({
    onConnectionClosed: () => {
      for (const look of closing) look();
    },
    rsaKey,
    now,
    layers: [gramjsLayer],
    dataCentres: dataCentreIds.map((id) => ({ id, port: 0 })),
    handlers: {
      "help.getConfig": () => {
        initialised?.resolve();
        return config(server);
      },
      "users.getUsers": () => {
        // GramJS asks this after each reconnect, and help.getConfig after the first connect only.
        initialised?.resolve();
        return [];
      },
      ...handlers,
    },
  });
  acceptServerKeys([server.publicKeyPem]);
  const [dataCentre] = server.dataCentres;
  if (dataCentre === undefined) throw new Error("The server has no data centre");
  const opened: { close(): Promise<void> }[] = [];
  const keys = () => new Set(server.connections().flatMap(({ authKeyId }) => authKeyId ?? []));
  return {
    server,
    async connect(options = {}) {
      const connection = await MtprotoConnection.open(
        {
          dataCentre,
          authKey: null,
          api: { id: 1, hash: "hash" },
          device: { model: "test", systemVersion: "1", appVersion: "1" },
          logger: silent,
          clock: systemClock,
          onUpdates: () => undefined,
          onBroken: () => undefined,
          ...options,
        },
        AbortSignal.timeout(10_000),
      );
      opened.push(connection);
      return connection;
    },
    rawClient(log = new GramLogger(LogLevel.NONE)) {
      const session = new MemorySession();
      session.setDC(dataCentre.id, dataCentre.host, 80);
      const client = new TelegramClient(session, 1, "hash", {
        baseLogger: log,
        connectionRetries: 1,
        // GramJS asks for its own socket class, of which it uses connect, readExactly, write and close.
        networkSocket: socketTo(dataCentre.port) as never,
      });
      opened.push({ close: () => client.destroy() });
      return client;
    },
    push(updates) {
      for (const authKeyId of keys()) server.push.push(authKeyId, updates);
    },
    dropConnections() {
      for (const authKeyId of keys()) server.push.disconnect(authKeyId);
    },
    nextConnection() {
      initialised = Promise.withResolvers<void>();
      return initialised.promise;
    },
    connections: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (server.connections().length !== count) return;
          closing.delete(look);
          resolve();
        };
        closing.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      for (const client of opened) await client.close();
      await server.stop();
    },
  };
}

/** GramJS always dials port 80. */
function socketTo(port: number) {
  return class extends TelegramSocket {
    override connect(_port: number, host: string): Promise<void> {
      return super.connect(port, host);
    }
  };
}

function config(server: MtprotoServer): TlObject {
  const empty = Object.fromEntries(
    [...gramjsLayer.schema.matchAll(/^config#.*$/gm)][0]?.[0]
      .matchAll(/ ([a-z_]+):(int|string|Bool)(?= )/g)
      .map(([, field = "", type]) => [field, type === "int" ? 1 : type === "Bool" ? false : ""]) ?? [],
  );
  // Without its data centre in the list GramJS looks for it in a loop that never lets go.
  const dcOptions = server.dataCentres.map(({ id, host, port }) => ({
    _: "dcOption",
    id,
    ip_address: host,
    port,
  }));
  return { _: "config", ...empty, dc_options: dcOptions, this_dc: 2 };
}

/** One update that says nothing but its number. */
export function numbered(pts: number): TlObject {
  return { _: "updateShort", update: { _: "updatePtsChanged" }, date: pts };
}

/** The answer of `help.getNearestDc`, which serves as the simplest call. */
export function nearestDc(): TlObject {
  return { _: "nearestDc", country: "XX", this_dc: 2, nearest_dc: 2 };
}
