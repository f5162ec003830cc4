import type { RsaKey } from "../crypto/rsa-key.ts";
import type { PushPort, RpcCall, RpcError, RpcHandlers } from "../methods/rpc.ts";
import type { ApiLayer } from "../tl/layers.ts";

export interface MtprotoServerOptions {
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** One listener each; port 0 takes a free one. */
  readonly dataCentres: readonly { readonly id: number; readonly port: number }[];
  readonly rsaKey: RsaKey;
  /** The methods; as a function it is asked for them once, on the first call. */
  readonly handlers: RpcHandlers | (() => RpcHandlers);
  /** The layers that clients may name; the highest serves those that name none of them. */
  readonly layers: readonly ApiLayer[];
  /**
   * Runs before each handler. An error that it returns is the answer; `"drop-connection"` cuts the socket without one.
   */
  readonly intercept?: (method: string, call: RpcCall) => RpcError | "drop-connection" | undefined;
  readonly onConnectionClosed?: (connection: ConnectionView) => void;
  /** The server's clock, in milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** What the server knows of one open socket. */
export interface ConnectionView {
  /** 16 hex digits; null until the first encrypted message. */
  readonly authKeyId: string | null;
  readonly sessionId: string | null;
  readonly dcId: number;
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
  connections(): readonly ConnectionView[];
  stats(): MtprotoStats;
  /** Closes the listeners and every connection. */
  stop(): Promise<void>;
}
