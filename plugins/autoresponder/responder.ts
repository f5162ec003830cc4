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

interface Answer {
  readonly rule: CompiledRule;
  readonly text: string;
}

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
    const nowMs = this.#context.clock.now();
    const about = { chatId: event.chat.id, messageId: event.messageId };
    const answer = this.#answerTo(event, nowMs);
    const claim =
      typeof answer === "string"
        ? answer
        : await this.#ledger.claim({ account: event.account.name, ...about }, answer.rule.cooldownMs, nowMs);
    if (typeof answer === "string" || typeof claim === "string") {
      return context.log.debug("not answered", { ...about, reason: claim });
    }
    let mayBeSent = false;
    try {
      await this.#prepare(event, answer.text, context);
      if (!this.#isAway(event)) {
        await claim.release();
        return context.log.debug("not answered", { ...about, reason: "owner came back" });
      }
      mayBeSent = true;
      await this.#send(event, answer, context);
      context.log.info("answered", { ...about, rule: answer.rule.label });
    } catch (error) {
      if (!mayBeSent || isRefusal(error)) await claim.release();
      throw error;
    }
  }

  /** What to answer, or why nothing. */
  #answerTo(event: MessageReceived, nowMs: number): Answer | string {
    const { config } = this.#context;
    const obstacle = obstacleTo(event, config, nowMs);
    if (obstacle !== null) return obstacle;
    const found = firstMatch(this.#rules, event, nowMs);
    if (found === null) return "no rule";
    if (!this.#isAway(event)) return "owner is there";
    const { match, rule } = found;
    const timeZone = (rule.rule.hours ?? config.hours)?.[0]?.timeZone;
    const text = renderAnswer(rule.rule.answer, event, match, { nowMs, timeZone });
    return text.trim() === "" ? "answer is blank" : { rule, text };
  }

  #isAway({ account }: MessageReceived): boolean {
    const { clock, config } = this.#context;
    return isAway(this.#owners.presenceOf(account.name), config.away, clock.now());
  }

  /** Does what a person does before the answer: reads, and types. */
  async #prepare({ chat, messageId }: MessageReceived, text: string, context: HandlerContext): Promise<void> {
    const { clock, config } = this.#context;
    const { log, signal, telegram } = context;
    if (config.markRead) await telegram.read(chat.id, { upToMessageId: messageId, signal });
    for (let leftMs = typingMs(text, config.typing); leftMs > 0; leftMs -= typingRepeatMs) {
      try {
        await telegram.typing(chat.id, "typing", { signal, timeoutMs: typingRepeatMs });
      } catch (error) {
        // The answer matters more than the show before it; a refused scope or a stop still ends it.
        if (signal.aborted || hasCode(error, "PERMISSION_DENIED")) throw error;
        log.warn("typing is not shown", { error });
      }
      await clock.sleep(Math.min(leftMs, typingRepeatMs), { signal });
    }
  }

  async #send(
    event: MessageReceived,
    { rule, text }: Answer,
    { signal, telegram }: HandlerContext,
  ): Promise<void> {
    if (rule.rule.as === "reply") await telegram.reply(refOf(event), text, { signal });
    else await telegram.send(event.chat.id, text, { signal });
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
