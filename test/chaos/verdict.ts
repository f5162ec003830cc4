/** A message that the run had someone send. */
export interface SentMessage {
  readonly number: number;
  readonly chat: number;
  /** Whether the account may write there. */
  readonly isAnswerable: boolean;
}

/** One delivery to the plugin, in the order in which it wrote them down. */
export interface Delivery {
  readonly number: number;
}

export interface Evidence {
  readonly sent: readonly SentMessage[];
  readonly deliveries: readonly Delivery[];
  /** Numbers that answers in the emulator's chats carry, one entry an answer. */
  readonly replies: readonly number[];
}

export interface Verdict {
  readonly sent: number;
  /** Messages that reached the plugin at least once. */
  readonly delivered: number;
  readonly lost: number;
  /** Messages whose first delivery came after that of a later one of the same chat. */
  readonly disordered: number;
  /** Messages that were answered. */
  readonly replies: number;
  readonly repliesTwice: number;
  /** Messages that should have been answered and were not. */
  readonly unanswered: number;
}

/** What the evidence says. */
export function verdictOf({ sent, deliveries, replies }: Evidence): Verdict {
  const chatOf = new Map(sent.map(({ number, chat }) => [number, chat]));
  const delivered = new Set<number>();
  const highest = new Map<number, number>();
  let disordered = 0;
  for (const { number } of deliveries) {
    const chat = chatOf.get(number);
    if (chat === undefined || delivered.has(number)) continue;
    delivered.add(number);
    const before = highest.get(chat) ?? -1;
    if (number < before) disordered += 1;
    else highest.set(chat, number);
  }
  const answers = new Map<number, number>();
  for (const number of replies) answers.set(number, (answers.get(number) ?? 0) + 1);
  return {
    sent: sent.length,
    delivered: delivered.size,
    lost: sent.length - delivered.size,
    disordered,
    replies: answers.size,
    repliesTwice: [...answers.values()].filter((count) => count > 1).length,
    unanswered: sent.filter(({ number, isAnswerable }) => isAnswerable && !answers.has(number)).length,
  };
}
