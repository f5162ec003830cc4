import {
  type AccountRef,
  type Plugin,
  type PluginName,
  parsePluginName,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { cancelled, Scope } from "../scope/index.ts";
import {
  type ByteSink,
  Connection,
  errorFromRecord,
  guestFrameBounds,
  hostFrameBounds,
  type IncomingCall,
  maxCalls,
  type Reply,
  wireError,
} from "../wire/index.ts";
import { GuestCalls } from "./guest-calls.ts";
import { GuestContext } from "./guest-context.ts";
import { createGuestFetch } from "./guest-fetch.ts";
import { GuestHandlers } from "./guest-handlers.ts";
import { createGuestHttp, GuestClock } from "./guest-ports.ts";
import { loadPlugin } from "./load-plugin.ts";
import { LogLines } from "./log-lines.ts";
import { manifestOf } from "./manifest.ts";
import { checkPluginConfig, configError } from "./plugin-config.ts";
import { failureRecord } from "./plugin-failure.ts";
import type { SetupFacts } from "./setup-facts.ts";

/** What a plugin is called before it was set up. */
const unnamed = parsePluginName("unnamed");

/** A plugin that was set up. */
interface Life {
  readonly name: PluginName;
  readonly context: GuestContext;
  readonly handlers: GuestHandlers;
  readonly scope: Scope;
  readonly stopping: AbortController;
}

/** A plugin's own process, as the host calls it. What the host says is taken at its word. */
export class Guest {
  readonly lines: LogLines;
  /** What the plugin is to have in the place of the web's own. */
  readonly fetch: typeof fetch;
  readonly #connection: Connection;
  readonly #calls: GuestCalls;
  readonly #clock: GuestClock;
  #plugin: Plugin | null = null;
  #life: Life | null = null;

  constructor(input: ReadableStream<Uint8Array>, output: ByteSink) {
    this.#connection = new Connection({
      input,
      output,
      accepts: hostFrameBounds,
      sends: guestFrameBounds,
      maxCalls,
      serve: (call) => this.#serve(call),
      onTold: (topic, value) => this.#onTold(topic, value),
    });
    this.#calls = new GuestCalls(this.#connection);
    this.lines = new LogLines(this.#connection, () => this.#calls.delivery);
    this.#clock = new GuestClock(this.#calls);
    const http = createGuestHttp(this.#calls);
    this.fetch = createGuestFetch(() => (this.#life === null ? null : http));
  }

  /** Resolves when the host is gone. */
  get ended(): Promise<unknown> {
    return this.#connection.ended;
  }

  /** Tells the host of an error that nobody caught, after which this process has to end. */
  async tellUncaught(thrown: unknown): Promise<void> {
    const name = this.#life?.name ?? unnamed;
    this.#connection.tell("uncaught", failureRecord(thrown, name, "handler"));
    await this.#connection.drained();
  }

  async #serve(call: IncomingCall): Promise<Reply> {
    const { method, params } = call;
    switch (method) {
      case "load":
        // The parameters of each call are the ones that the host's side of it sends.
        return { value: await this.#load(params[0] as string) };
      case "check":
        return { value: await this.#check(params[0]) };
      case "setup":
        await this.#setUp(params[0] as SetupFacts);
        return {};
      case "deliver":
        await this.#deliver(call);
        return {};
      case "stop":
        await this.#stop();
        return {};
      case "ping":
        return {};
      default:
        throw wireError("WIRE_MALFORMED", "it does not know the call");
    }
  }

  #onTold(topic: string, value: unknown): void {
    // As with calls: each topic has the value that the host sends with it.
    if (topic === "lines") this.lines.give(value as number);
    if (topic === "time") this.#clock.setTime(value as number);
    if (topic === "accounts") this.#life?.context.setAccounts(value as readonly AccountRef[]);
    if (topic === "stopping") this.#life?.stopping.abort(cancelled(`plugin "${this.#life.name}"`));
  }

  async #load(path: string) {
    this.#plugin = await loadPlugin(path);
    return manifestOf(this.#plugin);
  }

  async #check(config: unknown) {
    const check = await checkPluginConfig(this.#loaded(), config);
    return check.ok ? [] : check.issues;
  }

  async #setUp(facts: SetupFacts): Promise<void> {
    const plugin = this.#loaded();
    const check = await checkPluginConfig(plugin, facts.config);
    if (!check.ok) throw configError(facts.name, check.issues);
    this.#clock.setTime(facts.nowMs);
    const stopping = new AbortController();
    const handlers = new GuestHandlers(this.#calls);
    const scope = new Scope(`plugin ${facts.name}`, { disposeTimeoutMs: facts.stopTimeoutMs });
    const context = new GuestContext({
      ...{ calls: this.#calls, facts, handlers, scope },
      ...{ config: check.config, lines: this.lines, clock: this.#clock, signal: stopping.signal },
    });
    this.#life = { name: facts.name, context, handlers, scope, stopping };
    await told(facts.name, "setup", async () => {
      await plugin.setup(context.plugin);
      await handlers.confirmed();
    });
  }

  async #deliver(call: IncomingCall): Promise<void> {
    const { name, context, handlers } = this.#living();
    // The host sends the handler's number, the event, and how often it was given.
    const [number, event, attempt] = call.params as [number, TelegraphistEvent, number];
    context.setAccounts([event.account]);
    const delivery = context.delivery(event.account, attempt, () => call.signal);
    await told(name, handlers.phaseOf(number), () =>
      this.#calls.within(call.id, () => handlers.handle(number, event, delivery)),
    );
  }

  async #stop(): Promise<void> {
    // A plugin whose setup did not begin has nothing to undo.
    if (this.#life === null) return;
    const { name, scope } = this.#life;
    await told(name, "dispose", () => scope.dispose());
  }

  #loaded(): Plugin {
    if (this.#plugin === null) throw wireError("WIRE_OUT_OF_TURN", "no plugin is loaded");
    return this.#plugin;
  }

  #living(): Life {
    if (this.#life === null) throw wireError("WIRE_OUT_OF_TURN", "the plugin is not set up");
    return this.#life;
  }
}

/** Runs the plugin's own code; what it throws is told as far as it may be. */
async function told(
  plugin: PluginName,
  phase: Parameters<typeof failureRecord>[2],
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw errorFromRecord(failureRecord(error, plugin, phase));
  }
}
