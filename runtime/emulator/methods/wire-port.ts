/** How the next frame to a client is broken. */
export type BrokenFrame = "cut" | "corrupt";

/** How the server ends a key exchange instead of agreeing (core.telegram.org/mtproto/auth_key). */
export type HandshakeRefusal = "retry" | "fail";

/** Connections by the auth key that is spoken over them; undefined means all that are open. */
export type WhoseKeys = ReadonlySet<string> | undefined;

/** What the MTProto layer lets go wrong on the wire. */
export interface WirePort {
  /** Their connections are no longer read or written, and not closed either, as when a cable is cut. */
  silence(keys: WhoseKeys): void;
  /** Their connections get so many bytes a second at most. */
  slow(bytesPerSecond: number, keys: WhoseKeys): void;
  /** The next frame on each of their connections is sent half and the socket closed, or has a bit turned. */
  breakFrame(how: BrokenFrame, keys: WhoseKeys): void;
  /** Their next messages are answered by `bad_server_salt`. */
  replaceSalts(keys: ReadonlySet<string>): void;
  /** The next connections, to one port or to all, hear a transport error at their first packet. */
  refuseConnections(code: -404 | -429, times: number, port?: number): void;
  /** The next key exchanges end without a key. */
  refuseHandshakes(how: HandshakeRefusal, times: number): void;
  /** Forgets the refusals that have not met a client; broken connections stay broken. */
  clear(): void;
}
