import { rename } from "node:fs/promises";
import { definePlugin } from "telegraphist";
import { z } from "zod";
import { tally } from "./tally.ts";

export default definePlugin({
  name: "counting",
  version: "1.0.0",
  description: "Counts the messages of a bench",
  // In a process of its own it is told how many messages each round has, and leaves a file of each.
  config: z.object({ rounds: z.array(z.number()).default([]) }),
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  setup({ on, config: { rounds } }) {
    on("message.received", ({ chat, text }) => tally.take(chat.id, text));
    void leaveReceipts(rounds);
  },
});

async function leaveReceipts(rounds: readonly number[]): Promise<void> {
  for (const [round, count] of rounds.entries()) {
    tally.expect(count);
    const receipts = await tally.settled({ withLatencies: true, quietMs: 600_000 });
    tally.expect(rounds[round + 1] ?? 0);
    await Bun.write(`${round}.part`, JSON.stringify(receipts));
    await rename(`${round}.part`, `${round}.json`);
  }
}
