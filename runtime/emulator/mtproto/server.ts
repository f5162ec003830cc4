import type { TCPSocketListener } from "bun";
import type { RsaKey } from "../crypto/rsa-key.ts";
import type { LostCall, PushPort, RpcCall, RpcError, RpcHandlers } from "../methods/rpc.ts";
import type { WirePort } from "../methods/wire-port.ts";
import type { ApiLayer } from "../tl/layers.ts";
import { FramingError } from "../transport/framing.ts";
import { type AuthKey, AuthKeys } from "./auth-keys.ts";
import { Codecs } from "./codecs.ts";
import { Connection } from "./connection.ts";
import { Handshake } from "./handshake.ts";
import { bindTemporaryKey } from "./key-binding.ts";
import { MessageIds } from "./message-ids.ts";
import { PacketHandler } from "./packet-handler.ts";
import { Pushes } from "./pushes.ts";
import { RpcDispatcher } from "./rpc-dispatcher.ts";
import { ServiceMessages } from "./service-messages.ts";
import { Sessions } from "./sessions.ts";
import { WireFaults } from "./wire-faults.ts";

export interface MtprotoServerOptions {
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** One listener each; port 0 takes a free one. One that is there twice has two addresses. */
  readonly dataCentres: readonly { readonly id: number; readonly port: number }[];
  readonly rsaKey: RsaKey;
  /** The methods; as a function it is asked for them once, on the first call. */
  readonly handlers: RpcHandlers | (() => RpcHandlers);
  /** The layers that clients may name; the highest serves those that name none of them. */
  readonly layers: readonly ApiLayer[];
  /**
   * Runs before each handler. An error that it returns is the answer; `"drop-connection"` cuts the socket without one,
   * `"drop-answer"` once the handler has run.
   */
  readonly intercept?: (method: string, call: RpcCall) => RpcError | LostCall | undefined;
  readonly onConnectionClosed?: (connection: ConnectionView) => void;
  /** What a method throws beside `RpcError`, or an answer that does not fit the schema. @default a process warning */
  readonly onHandlerError?: (method: string, error: unknown) => void;
  /** The server's clock, in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** What the server knows of one open socket. */
export interface ConnectionView {
  /** 16 hex digits of the permanent key; null until the first encrypted message, or the binding of a temporary key. */
  readonly authKeyId: string | null;
  readonly sessionId: string | null;
  readonly dcId: number;
  /** Of the data centre's address that the client came to. */
  readonly port: number;
  readonly transport: string;
  readonly layer: number;
  /** Whether pushes go to it. */
  readonly takesUpdates: boolean;
  readonly sinceMs: number;
}

export interface MtprotoStats {
  /** Calls by method that no handler took. */
  readonly unknownMethods: Readonly<Record<string, number>>;
  /** Calls by method, the unknown ones included; a message that came twice counts once. */
  readonly rpcCalls: Readonly<Record<string, number>>;
  /** Pushes written, one per session that took it. */
  readonly pushesWritten: number;
  readonly connectionsOpened: number;
}

export interface MtprotoServer {
  /** With the ports that were really taken. */
  readonly dataCentres: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  /** PKCS#1 PEM of the key that clients must know. */
  readonly publicKeyPem: string;
  readonly push: PushPort;
  readonly wire: WirePort;
  connections(): readonly ConnectionView[];
  stats(): MtprotoStats;
  /** As a process that dies: cuts every connection and listens no more. Keys are kept, sessions are forgotten. */
  halt(): void;
  /** Listens again, on the ports that it had. @throws {Error} with the code `EADDRINUSE` when one is taken by now */
  resume(): void;
  /** Closes the listeners and every connection. */
  stop(): Promise<void>;
}

/**
 * Starts an MTProto server: one listener per data centre, all with the same methods and keys.
 *
 * @throws {Error} with the code `EADDRINUSE` when a port is taken; no listener is left open then
 */
export function createMtprotoServer(options: MtprotoServerOptions): MtprotoServer {
  const { host = "127.0.0.1", now = Date.now, rsaKey } = options;
  const keys = new AuthKeys();
  const codecs = new Codecs(options.layers);
  const connections = new Set<Connection>();
  const ids = new MessageIds(now);
  const sessions = new Sessions({ now });
  const pushes = new Pushes({ keys, sessions, codecs, connections });
  const dispatcher = new RpcDispatcher({
    handlers: options.handlers,
    codecs,
    intercept: options.intercept ?? (() => undefined),
    onHandlerError: options.onHandlerError ?? warn,
    bindKey: (session, messageId, request) =>
      bindTemporaryKey({ keys, codec: codecs.service, nowMs: now() }, session, messageId, request),
  });
  const service = new ServiceMessages({
    codec: codecs.service,
    now,
    sessions,
    destroyKey: (authKeyId) => pushes.destroyKey(authKeyId),
  });
  const handler = new PacketHandler({ keys, sessions, codecs, ids, now, service, dispatcher });
  const wire = new WireFaults({ connections, keys, now });
  let connectionsOpened = 0;

  const receive = (connection: Connection, chunk: Buffer) => {
    try {
      for (const packet of connection.receive(chunk)) {
        const refusal = connection.isNew ? wire.nextRefusal(connection.port) : null;
        connection.isNew = false;
        if (refusal !== null) connection.refuse(refusal);
        else if (connection.isOpen) handler.handle(connection, packet);
      }
    } catch (error) {
      connection.close();
      if (!(error instanceof FramingError)) warn("packet", error);
    }
  };
  const forget = (connection: Connection) => {
    if (!connections.delete(connection)) return;
    const view = viewOf(connection, codecs.highestLayer);
    connection.closed();
    options.onConnectionClosed?.(view);
  };
  const listen = (dcId: number, port: number) =>
    Bun.listen<Connection>({
      hostname: host,
      port,
      socket: {
        open(socket) {
          const onKey = (key: AuthKey) => keys.add(key);
          const refusal = () => wire.nextHandshake();
          const handshake = new Handshake({ rsaKey, dcId, codec: codecs.service, now, onKey, refusal });
          socket.data = new Connection(socket, dcId, now(), handshake);
          socket.setNoDelay(true);
          connections.add(socket.data);
          connectionsOpened += 1;
        },
        data: (socket, chunk) => receive(socket.data, chunk),
        drain: (socket) => socket.data.drain(),
        close: (socket) => forget(socket.data),
        error: (socket) => socket.data.close(),
      },
    });
  let listeners: readonly TCPSocketListener<Connection>[] = [];
  const listenAll = (places: readonly { readonly id: number; readonly port: number }[]) => {
    const opened: TCPSocketListener<Connection>[] = [];
    try {
      for (const { id, port } of places) opened.push(listen(id, port));
    } catch (error) {
      for (const listener of opened) listener.stop(true);
      throw error;
    }
    listeners = opened;
    return opened.map(({ port }, index) => ({ id: places[index]?.id ?? 0, host, port }));
  };
  const dataCentres = listenAll(options.dataCentres);
  const halt = () => {
    for (const listener of listeners) listener.stop(true);
    listeners = [];
    for (const connection of connections) forget(connection);
    sessions.forget();
  };

  return {
    dataCentres,
    publicKeyPem: rsaKey.publicKeyPem,
    push: pushes,
    wire,
    connections: () => Array.from(connections, (connection) => viewOf(connection, codecs.highestLayer)),
    stats: () => ({
      unknownMethods: Object.fromEntries(dispatcher.unknownMethods),
      rpcCalls: Object.fromEntries(dispatcher.calls),
      pushesWritten: pushes.written,
      connectionsOpened,
    }),
    halt,
    resume() {
      if (listeners.length === 0) listenAll(dataCentres);
    },
    async stop() {
      halt();
    },
  };
}

function viewOf(connection: Connection, highestLayer: number): ConnectionView {
  const { session, dcId, port, transport, sinceMs } = connection;
  return {
    authKeyId: session?.key.permanent?.id ?? null,
    sessionId: session?.id ?? null,
    dcId,
    port,
    transport,
    layer: session?.key.layer || highestLayer,
    takesUpdates: session?.takesUpdates ?? false,
    sinceMs,
  };
}

function warn(method: string, error: unknown): void {
  const reason = error instanceof Error ? error : new Error(String(error));
  process.emitWarning(`Cannot answer "${method}": ${reason.message}`, { detail: reason.stack ?? "" });
}
