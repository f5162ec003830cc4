import type { PeerId } from "./peer-id.ts";

export interface UpdateCount {
  readonly total: number;
  /** By TL constructor, `updateNewMessage`. */
  readonly byType: Readonly<Record<string, number>>;
}

/** How many updates were made for each person, delivered or not: what a client that loses nothing must have seen. */
export class UpdateCounts {
  readonly #counts = new Map<PeerId, Map<string, number>>();

  add(userId: PeerId, type: string): void {
    let counts = this.#counts.get(userId);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(userId, counts);
    }
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }

  of(userId: PeerId): UpdateCount {
    const byType = Object.fromEntries(this.#counts.get(userId) ?? []);
    return { total: Object.values(byType).reduce((sum, count) => sum + count, 0), byType };
  }
}
