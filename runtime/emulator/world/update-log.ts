import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "./box-message.ts";
import type { PeerId } from "./peer-id.ts";

/** An update before it is written for one of its readers. */
export interface WorldUpdate {
  /** The TL constructor, `updateNewMessage`. */
  readonly name: string;
  /** Everyone whom the update names, so that their views go with it. */
  readonly peerIds: readonly PeerId[];
  /** What `getDifference` lists under new messages rather than other updates. */
  readonly newMessage?: BoxMessage;
  view(readerId: PeerId): TlObject;
}

export interface LoggedUpdate {
  readonly pts: number;
  readonly ptsCount: number;
  readonly update: WorldUpdate;
}

/** What happened in a box, in order; each entry raises the pts by its count. */
export class UpdateLog {
  static readonly maxEntries = 100_000;
  #entries: LoggedUpdate[] = [];
  /** Highest pts that is no longer covered: a difference from below it is too long. */
  #forgottenPts = 1;
  #pts = 1;
  #lastAtS = 0;

  get pts(): number {
    return this.#pts;
  }

  /** When the last entry came. */
  get lastAtS(): number {
    return this.#lastAtS;
  }

  append(ptsCount: number, atS: number, make: (pts: number, ptsCount: number) => WorldUpdate): WorldUpdate {
    this.#pts += ptsCount;
    this.#lastAtS = atS;
    const update = make(this.#pts, ptsCount);
    this.#entries.push({ pts: this.#pts, ptsCount, update });
    // Trimmed in bulk, so that it costs nothing per entry.
    if (this.#entries.length >= 2 * UpdateLog.maxEntries) {
      const dropped = this.#entries.length - UpdateLog.maxEntries;
      this.#forgottenPts = this.#entries[dropped - 1]?.pts ?? this.#pts;
      this.#entries = this.#entries.slice(dropped);
    }
    return update;
  }

  /** The entries after a pts, oldest first, up to a limit; null when they are no longer kept. */
  since(pts: number, limit: number): readonly LoggedUpdate[] | null {
    if (pts < this.#forgottenPts) return null;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.pts ?? pts) <= pts) low = middle + 1;
      else high = middle;
    }
    return this.#entries.slice(low, low + limit);
  }
}
