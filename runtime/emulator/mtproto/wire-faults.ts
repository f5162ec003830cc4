import type { BrokenFrame, HandshakeRefusal, WhoseKeys, WirePort } from "../methods/wire-port.ts";
import type { AuthKeys } from "./auth-keys.ts";
import type { Connection } from "./connection.ts";

export interface WireFaultsOptions {
  readonly connections: ReadonlySet<Connection>;
  readonly keys: AuthKeys;
  readonly now: () => number;
}

/** Breaks connections, and refuses those that come. */
export class WireFaults implements WirePort {
  readonly #options: WireFaultsOptions;
  #refusals: { readonly code: -404 | -429; readonly port: number | undefined }[] = [];
  #handshakes: HandshakeRefusal[] = [];

  constructor(options: WireFaultsOptions) {
    this.#options = options;
  }

  silence(keys: WhoseKeys): void {
    for (const connection of this.#of(keys)) connection.silence();
  }

  slow(bytesPerSecond: number, keys: WhoseKeys): void {
    for (const connection of this.#of(keys)) connection.slowTo(bytesPerSecond);
  }

  breakFrame(how: BrokenFrame, keys: WhoseKeys): void {
    for (const connection of this.#of(keys)) connection.breakNextFrame(how);
  }

  replaceSalts(keys: ReadonlySet<string>): void {
    for (const id of keys) {
      for (const key of this.#options.keys.speakingFor(id)) key.salts.replaceAll(this.#options.now());
    }
  }

  refuseConnections(code: -404 | -429, times: number, port?: number): void {
    this.#refusals.push(...Array.from({ length: times }, () => ({ code, port })));
  }

  refuseHandshakes(how: HandshakeRefusal, times: number): void {
    this.#handshakes.push(...Array.from({ length: times }, () => how));
  }

  clear(): void {
    this.#refusals = [];
    this.#handshakes = [];
  }

  /** What a new connection to the port is told at its first packet; null to serve it. */
  nextRefusal(port: number): -404 | -429 | null {
    const index = this.#refusals.findIndex((refusal) => refusal.port === undefined || refusal.port === port);
    return index < 0 ? null : (this.#refusals.splice(index, 1)[0]?.code ?? null);
  }

  /** How the key exchange that is at its end shall end; null to agree. */
  nextHandshake(): HandshakeRefusal | null {
    return this.#handshakes.shift() ?? null;
  }

  *#of(keys: WhoseKeys): Iterable<Connection> {
    for (const connection of this.#options.connections) {
      const authKeyId = connection.session?.key.permanent?.id;
      if (keys === undefined || (authKeyId !== undefined && keys.has(authKeyId))) yield connection;
    }
  }
}
