import type { PeerId } from "../world/peer-id.ts";
import { RpcError } from "./rpc.ts";

const maxKept = 100_000;

/** The numbers by which clients mark their sends, so that a repeated one does not send twice. */
export class RandomIds {
  readonly #taken = new Set<string>();

  /** @throws {RpcError} `RANDOM_ID_EMPTY`, or `RANDOM_ID_DUPLICATE` when the person used it before */
  take(userId: PeerId, randomId: bigint): void {
    if (randomId === 0n) throw new RpcError(400, "RANDOM_ID_EMPTY");
    const key = `${userId}/${randomId}`;
    if (this.#taken.has(key)) throw new RpcError(500, "RANDOM_ID_DUPLICATE");
    if (this.#taken.size >= maxKept) {
      for (const oldest of this.#taken) {
        this.#taken.delete(oldest);
        break;
      }
    }
    this.#taken.add(key);
  }
}
