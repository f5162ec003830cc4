import { type Chat, type HandlerContext, type PluginContext, TelegraphistError } from "telegraphist";
import { freshPerson, nextStep, type Pending, stateAfter } from "./campaign.ts";
import { CampaignBook } from "./campaign-book.ts";
import type { InviterConfig } from "./config.ts";
import { callTimeoutMs, contactPerson } from "./contact-person.ts";
import { blocked, spaced } from "./pace.ts";
import { type PersonRef, parseChannelRef } from "./peer-ref.ts";
import { createRandom, type Random } from "./random.ts";
import { countPeople, writeReport } from "./report.ts";
import { verdictOfError } from "./verdict.ts";

/** A long wait is looked at again, since clocks stop while a machine sleeps. */
const longestWaitMs = 3_600_000;
const afterFaultMs = 60_000;

interface Campaign {
  readonly channel: Chat;
  readonly people: readonly PersonRef[];
  readonly book: CampaignBook;
}

/** Runs one campaign, a person at a time. */
export class Inviter {
  readonly #context: PluginContext<InviterConfig>;
  readonly #listed: readonly PersonRef[];
  readonly #random: Random;
  #campaign: Campaign | null = null;
  #waitsUntilMs = 0;

  /** @param listed the people of the list and the file; contacts are asked for when the campaign begins */
  constructor(context: PluginContext<InviterConfig>, listed: readonly PersonRef[]) {
    this.#context = context;
    this.#listed = listed;
    this.#random = createRandom(context.config.seed);
  }

  /** Does the next thing after a time, and so on to the end of the campaign. */
  continueAfter(delayMs: number): void {
    this.#context.schedule.after("campaign", delayMs, (_due, handler) => this.#onDue(handler));
  }

  async #onDue({ signal }: HandlerContext): Promise<void> {
    try {
      const delayMs = await this.#doNext(signal);
      if (delayMs !== null && !this.#context.signal.aborted) this.continueAfter(delayMs);
    } catch (error) {
      if (this.#context.signal.aborted) return;
      // What a person's calls throw has been judged already: this is the start of the campaign, or the store.
      const verdict = verdictOfError(error, "link");
      if (verdict.verdict === "stop" || verdict.verdict === "refused") throw error;
      if (verdict.verdict !== "pause") {
        this.continueAfter(afterFaultMs);
        throw error;
      }
      this.#context.log.warn("campaign waits", verdict);
      this.continueAfter(Math.min(verdict.waitMs, longestWaitMs));
    }
  }

  /** How long to wait before the next step, or `null` at the end. */
  async #doNext(signal: AbortSignal): Promise<number | null> {
    const { clock, config, log } = this.#context;
    this.#campaign ??= await this.#begin(signal);
    const { book, people } = this.#campaign;
    if (config.dryRun) return this.#report(this.#campaign, "dry run");

    const nowMs = clock.now();
    const step = nextStep(people, (person) => book.stateOf(person), book.pace, config, nowMs);
    switch (step.step) {
      case "finish":
        return this.#report(this.#campaign, "finished");
      case "wait": {
        const waitMs = step.untilMs - nowMs;
        if (step.untilMs !== this.#waitsUntilMs) {
          log.info("campaign waits", { reason: step.reason, waitMs });
          if (step.reason !== "spacing") await this.#report(this.#campaign, `waits: ${step.reason}`);
        }
        this.#waitsUntilMs = step.untilMs;
        return Math.min(waitMs, longestWaitMs);
      }
      case "contact": {
        const verdict = await this.#contact(this.#campaign, step.person, step.state, signal);
        return verdict === "stop" ? this.#report(this.#campaign, "stopped") : 0;
      }
      default:
        return step satisfies never;
    }
  }

  /** Finds out whom it is about. */
  async #begin(signal: AbortSignal): Promise<Campaign> {
    const { config, log, telegram } = this.#context;
    const options = { signal, timeoutMs: callTimeoutMs };
    const { chat } = await telegram.resolve(parseChannelRef(config.channel), options);
    if (chat.kind === "private") {
      throw new TelegraphistError({
        code: "INVITER_NOT_A_CHANNEL",
        category: "INVALID",
        message: `Cannot invite to ${JSON.stringify(config.channel)} as it must be a group or channel: received a person`,
      });
    }
    const contacts = config.people.contacts ? await telegram.contacts(options) : [];
    const people = [...new Set([...this.#listed, ...contacts.map(({ user }) => user.id)])];
    const book = await CampaignBook.open(this.#context, chat.id, people);
    log.info("campaign begins", { channel: chat.id, people: people.length, mode: config.mode });
    return { channel: chat, people, book };
  }

  /** Contacts one person and writes down what came of it; tells whether the campaign may go on. */
  async #contact(
    { book, channel }: Campaign,
    person: PersonRef,
    state: Pending,
    signal: AbortSignal,
  ): Promise<"continue" | "stop"> {
    const { clock, config, log, telegram } = this.#context;
    const { maxSeconds, minSeconds } = config.spacing;
    const spacingMs = Math.round((minSeconds + this.#random() * (maxSeconds - minSeconds)) * 1000);
    await book.setPace(spaced(book.pace, clock.now(), spacingMs));

    const verdict = await contactPerson(person, state, { book, channel, clock, config, signal, telegram });
    // A step that was cut off by a stop says nothing about the person; the next run tries again.
    if (this.#context.signal.aborted && verdict.verdict === "retry") return "continue";
    const nowMs = clock.now();
    const before = book.stateOf(person) ?? state;
    await book.setState(person, stateAfter(verdict, before, { ...config, nowMs, tried: state }));
    switch (verdict.verdict) {
      case "stop":
        log.error("campaign stops", { person, ...verdict });
        return "stop";
      case "pause":
        log.warn("campaign pauses", { person, ...verdict });
        await book.setPace(blocked(book.pace, nowMs + verdict.waitMs, verdict.reason));
        return "continue";
      default:
        log.info("person tried", { person, ...verdict });
        return "continue";
    }
  }

  /** Logs where the campaign stands, and writes the report; the campaign itself goes on only by another step. */
  async #report({ book, channel, people }: Campaign, outcome: string): Promise<null> {
    const { clock, config, log } = this.#context;
    const states = people.map((person) => ({ person, state: book.stateOf(person) ?? freshPerson }));
    const counts = countPeople(states.map(({ state }) => state));
    if (config.report !== undefined) {
      await writeReport(this.#context.resolvePath(config.report), {
        channel: channel.id,
        title: channel.title,
        writtenAt: new Date(clock.now()).toISOString(),
        outcome,
        dryRun: config.dryRun,
        counts,
        people: states.map(({ person, state }) => ({
          person,
          state: state.state,
          reason: "reason" in state ? state.reason : null,
        })),
      });
    }
    log.info("campaign report", { channel: channel.id, outcome, ...counts });
    return null;
  }
}
