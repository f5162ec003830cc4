import {
  type HandlerContext,
  hasCategory,
  hasCode,
  type MessageReceived,
  type PluginContext,
  refOf,
} from "telegraphist";
import type { AnswerLedger } from "./answer-ledger.ts";
import { renderAnswer } from "./answer-text.ts";
import type { AutoresponderConfig } from "./config.ts";
import { obstacleTo } from "./obstacle.ts";
import type { OwnerWatch } from "./owner-watch.ts";
import { isAway } from "./presence.ts";
import { type CompiledRule, compileRules, firstMatch } from "./rule-match.ts";
import { typingMs } from "./typing-delay.ts";

/** Telegram shows a typing action for 6 s, so it is sent again a little before. */
const typingRepeatMs = 5000;

/** Answers messages by the rules. */
export class Responder {
  readonly #context: PluginContext<AutoresponderConfig>;
  readonly #ledger: AnswerLedger;
  readonly #owners: OwnerWatch;
  readonly #rules: readonly CompiledRule[];

  constructor(context: PluginContext<AutoresponderConfig>, ledger: AnswerLedger, owners: OwnerWatch) {
    this.#context = context;
    this.#ledger = ledger;
    this.#owners = owners;
    this.#rules = compileRules(context.config);
  }

  /** Answers a message, or says in the log why not. */
  async onMessage(event: MessageReceived, context: HandlerContext): Promise<void> {
    const { clock, config } = this.#context;
    const nowMs = clock.now();
    const about = { chatId: event.chat.id, messageId: event.messageId };

    const obstacle = obstacleTo(event, config, nowMs);
    if (obstacle !== null) return context.log.debug("not answered", { ...about, reason: obstacle });
    const found = firstMatch(this.#rules, event, nowMs);
    if (found === null) return context.log.debug("not answered", { ...about, reason: "no rule" });
    if (!this.#isAway(event))
      return context.log.debug("not answered", { ...about, reason: "owner is there" });

    const { match, rule } = found;
    const timeZone = (rule.rule.hours ?? config.hours)?.[0]?.timeZone;
    const text = renderAnswer(rule.rule.answer, event, match, { nowMs, timeZone });
    if (text.trim() === "") return context.log.warn("not answered", { ...about, reason: "answer is blank" });

    const place = { account: event.account.name, chatId: event.chat.id, messageId: event.messageId };
    const claim = await this.#ledger.claim(place, rule.cooldownMs, nowMs);
    if (typeof claim === "string") return context.log.debug("not answered", { ...about, reason: claim });

    let mayBeSent = false;
    try {
      if (config.markRead) {
        const { signal } = context;
        await context.telegram.read(event.chat.id, { upToMessageId: event.messageId, signal });
      }
      await this.#type(typingMs(text, config.typing), event, context);
      if (!this.#isAway(event)) {
        await claim.release();
        return context.log.debug("not answered", { ...about, reason: "owner came back" });
      }
      mayBeSent = true;
      await this.#send(event, rule, text, context);
      context.log.info("answered", { ...about, rule: rule.label });
    } catch (error) {
      if (!mayBeSent || isRefusal(error)) await claim.release();
      throw error;
    }
  }

  #isAway({ account }: MessageReceived): boolean {
    const { clock, config } = this.#context;
    return isAway(this.#owners.presenceOf(account.name), config.away, clock.now());
  }

  async #type(durationMs: number, { chat }: MessageReceived, context: HandlerContext): Promise<void> {
    const { clock } = this.#context;
    const { signal, telegram } = context;
    for (let leftMs = durationMs; leftMs > 0; leftMs -= typingRepeatMs) {
      try {
        await telegram.typing(chat.id, "typing", { signal, timeoutMs: typingRepeatMs });
      } catch (error) {
        // The answer matters more than the show before it; a refused scope or a stop still ends it.
        if (signal.aborted || hasCode(error, "PERMISSION_DENIED")) throw error;
        context.log.warn("typing is not shown", { error });
      }
      await clock.sleep(Math.min(leftMs, typingRepeatMs), { signal });
    }
  }

  async #send(
    event: MessageReceived,
    { rule }: CompiledRule,
    text: string,
    { signal, telegram }: HandlerContext,
  ): Promise<void> {
    const chatId = event.chat.id;
    const account = event.account.name;
    await this.#owners.whileSending(`${account}/${chatId}`, async () => {
      const sent =
        rule.as === "reply"
          ? await telegram.reply(refOf(event), text, { signal })
          : await telegram.send(chatId, text, { signal });
      await this.#ledger.noteOwn({ account, chatId, messageId: sent.id }, this.#context.clock.now());
    });
  }
}

/** Whether Telegram or the broker said no, so that certainly nothing was sent. */
function isRefusal(error: unknown): boolean {
  return hasCategory(
    error,
    "FLOOD_WAIT",
    "FLOOD_BLOCK",
    "AUTH",
    "RIGHTS",
    "PRIVACY",
    "PERMISSION",
    "NOT_FOUND",
  );
}
