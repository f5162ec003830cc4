import type { AccountName, ChatId, MessageId, PluginContext, StoreView } from "telegraphist";
import { z } from "zod";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const longestCooldownMs = 30 * dayMs;

const atSchema = z.strictObject({ atMs: z.number() });
type At = z.output<typeof atSchema>;

/** A message in an account's chat. */
export interface Place {
  readonly account: AccountName;
  readonly chatId: ChatId;
  readonly messageId: MessageId;
}

/** The right to answer a message once. */
export interface Claim {
  /** Gives the right back, as nothing was sent. */
  release(): Promise<void>;
}

/** Why an answer may not be sent. */
export type Refusal = "answered before" | "cooldown" | "hourly limit";

/** Remembers over restarts what was answered, so that nothing is answered twice or too often. */
export class AnswerLedger {
  readonly #answers: StoreView<At>;
  readonly #chats: StoreView<At>;
  readonly #maxAnswersPerHour: number;
  #lastHour: number[];

  private constructor(context: Pick<PluginContext<unknown>, "storeView">, maxAnswersPerHour: number) {
    this.#answers = context.storeView("answered/", atSchema);
    this.#chats = context.storeView("chat/", atSchema);
    this.#maxAnswersPerHour = maxAnswersPerHour;
    this.#lastHour = [];
  }

  /** Reads what earlier runs left. */
  static async open(
    context: Pick<PluginContext<unknown>, "storeView" | "clock">,
    maxAnswersPerHour: number,
  ): Promise<AnswerLedger> {
    const ledger = new AnswerLedger(context, maxAnswersPerHour);
    const sinceMs = context.clock.now() - hourMs;
    let after: string | undefined;
    do {
      const page = await ledger.#answers.list({ limit: 1000, ...(after === undefined ? {} : { after }) });
      ledger.#lastHour.push(...page.map(({ value }) => value.atMs).filter((atMs) => atMs > sinceMs));
      after = page.length < 1000 ? undefined : page.at(-1)?.key;
    } while (after !== undefined);
    return ledger;
  }

  /** Takes the right to answer a message; it is on disk before anything is sent. */
  async claim(message: Place, cooldownMs: number, nowMs: number): Promise<Claim | Refusal> {
    const chat = `${message.account}/${message.chatId}`;
    const key = `${chat}/${message.messageId}`;
    if ((await this.#answers.get(key)) !== undefined) return "answered before";
    const last = await this.#chats.get(chat);
    if (last !== undefined && nowMs - last.atMs < cooldownMs) return "cooldown";
    // Counted without a wait in between, as other chats are answered at the same time.
    this.#lastHour = this.#lastHour.filter((atMs) => atMs > nowMs - hourMs);
    if (this.#lastHour.length >= this.#maxAnswersPerHour) return "hourly limit";
    this.#lastHour.push(nowMs);
    await this.#answers.set(key, { atMs: nowMs }, { ttlMs: dayMs });
    await this.#chats.set(chat, { atMs: nowMs }, { ttlMs: longestCooldownMs });
    return {
      release: async () => {
        const counted = this.#lastHour.indexOf(nowMs);
        if (counted >= 0) this.#lastHour.splice(counted, 1);
        await this.#answers.delete(key);
        if (last === undefined) await this.#chats.delete(chat);
        else await this.#chats.set(chat, last, { ttlMs: longestCooldownMs });
      },
    };
  }
}
