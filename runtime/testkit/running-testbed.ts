import type { App } from "../app/index.ts";
import type { MessageSent, PluginFailed } from "../contract/index.ts";
import type { Emulator, UserView } from "../emulator/index.ts";
import { Collected } from "./collected.ts";
import { createStage, type EmulatedStage } from "./emulated-stage.ts";
import type { Place, Refusal, Testbed } from "./face.ts";
import { nextEvent } from "./next-event.ts";
import { SentLedger } from "./sent-ledger.ts";
import type { TurnedClock } from "./turned-clock.ts";

/** A testbed with the rooms that it is made of, for this program's own tests. */
export interface OpenTestbed extends Testbed, EmulatedStage {
  readonly app: App;
  readonly emulator: Emulator;
}

export interface RunningTestbedOptions {
  readonly app: App;
  readonly emulator: Emulator;
  readonly owner: UserView;
  readonly folder: string;
  readonly clock: TurnedClock;
  readonly refused: Collected<Refusal>;
  readonly close: () => Promise<void>;
}

const defaultTimeoutMs = 5_000;

/** What a test has of a program that runs against an emulator; its functions need no object before them. */
export function createTestbed(options: RunningTestbedOptions): OpenTestbed {
  const { app, emulator, owner, folder, clock, refused, close } = options;
  const [account] = app.accounts.values();
  if (account === undefined) throw new Error("The testbed has no account");
  const sent = new Collected<MessageSent>();
  const failures: PluginFailed[] = [];
  const whose = { owner: "testbed" };
  const ledger = new SentLedger(emulator.world, owner.id);
  const noteSent = (event: MessageSent) => {
    if (event.isAutomated) sent.add(event);
    ledger.note(event);
  };
  app.bus.subscribe("message.sent", undefined, noteSent, whose);
  app.bus.subscribe("plugin.failed", undefined, (event) => void failures.push(event), whose);

  /** What happened instead of what a test waits for. */
  const story = (instead: readonly string[]): string => {
    const failed = failures.map(({ plugin, error }) => `plugin "${plugin}" failed: ${error.message}`);
    const stands = clock.isWaitedFor ? ["the time stands still until clock.advance"] : [];
    return [...instead, ...failed, ...stands].join("; ") || "nothing happened instead";
  };

  /** What is sent comes back as an event, which plugins may handle in turn. */
  const drained = async (signal: AbortSignal): Promise<void> => {
    let emitted: number;
    do {
      await ledger.completed();
      ({ emitted } = app.bus.stats());
      await app.drain(signal);
    } while (!ledger.isComplete || emitted !== app.bus.stats().emitted);
  };

  const quiet: Testbed["quiet"] = async ({ timeoutMs = defaultTimeoutMs } = {}) => {
    const stopped = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const busy = app.bus.stats().subscriptions.filter(({ depth }) => depth > 0);
      const left = busy.map(({ owner: plugin, event, depth }) => `"${plugin}" has ${depth} "${event}" left`);
      const error = new Error(`Plugins are not done after ${timeoutMs} ms: ${story(left)}`);
      late.reject(error);
      stopped.abort(error);
    }, timeoutMs);
    await Promise.race([drained(stopped.signal), late.promise]).finally(() => clearTimeout(timer));
  };

  const settled = async (): Promise<void> => {
    // What was woken begins with this turn.
    await new Promise((resolve) => setImmediate(resolve));
    await quiet();
  };

  return {
    ...createStage(emulator.world, owner, (name, predicate, what) => {
      const failure = `${what} did not reach the account within ${defaultTimeoutMs} ms`;
      return nextEvent(app, name, predicate, { timeoutMs: defaultTimeoutMs, failure });
    }),
    app,
    emulator,
    folder,
    telegram: account.telegram,
    clock: { now: () => clock.now(), advance: (durationMs) => clock.advance(durationMs, settled) },
    sent({ to, text } = {}, { timeoutMs = defaultTimeoutMs } = {}) {
      const fits = (event: MessageSent) =>
        (to === undefined || event.chat.id === to.id) && (text === undefined || textFits(event.text, text));
      return sent.take(fits, timeoutMs, () => {
        const like = text === undefined ? "" : ` ${text instanceof RegExp ? text : JSON.stringify(text)}`;
        const whither = to === undefined ? "" : ` to ${nameOf(to)}`;
        const others = sent
          .list()
          .map((event) => `${JSON.stringify(event.text)} went to ${event.chat.title}`);
        return `No message${like} went${whither} within ${timeoutMs} ms: ${story(others)}`;
      });
    },
    outbox: () => sent.list(),
    refused(wanted = {}, { timeoutMs = defaultTimeoutMs } = {}) {
      const fits = (refusal: Refusal) =>
        Object.entries(wanted).every(([key, value]) => Reflect.get(refusal, key) === value);
      return refused.take(fits, timeoutMs, () => {
        const others = refused.list().map(({ plugin, call }) => `"${plugin}" was refused ${call}`);
        return `No refusal like ${JSON.stringify(wanted)} came within ${timeoutMs} ms: ${story(others)}`;
      });
    },
    refusals: () => refused.list(),
    quiet,
    next: (name, predicate = () => true, { timeoutMs = 10_000 } = {}) =>
      nextEvent(app, name, predicate, { timeoutMs, failure: `No "${name}" came within ${timeoutMs} ms` }),
    [Symbol.asyncDispose]: close,
  };
}

function textFits(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text === wanted : wanted.test(text);
}

function nameOf(place: Place & { readonly name?: string; readonly title?: string }): string {
  return place.name ?? place.title ?? place.id;
}
