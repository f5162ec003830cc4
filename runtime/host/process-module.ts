import type { Logger } from "../../telemetry/index.ts";
import type { PluginContext } from "../contract/index.ts";
import type { Manifest, SetupFacts } from "../guest/index.ts";
import { systemClock } from "../scope/index.ts";
import { GuestDeliveries } from "./guest-deliveries.ts";
import { GuestDesk } from "./guest-desk.ts";
import { guestError } from "./guest-end.ts";
import { keepHeartbeat } from "./guest-heartbeat.ts";
import { type GuestPolicyOptions, runningLaunch } from "./guest-policy.ts";
import { GuestProcess } from "./guest-process.ts";
import type { PluginModule, PluginSetup } from "./plugin-module.ts";
import type { HostOptions, PluginEntry } from "./ports.ts";

export interface ProcessModuleOptions {
  readonly manifest: Manifest;
  readonly hash: string;
  readonly entry: PluginEntry;
  readonly host: HostOptions;
  readonly policy: GuestPolicyOptions;
  readonly logger: Logger;
}

const defaultHeartbeatMs = 5_000;
const defaultSilenceMs = 15_000;
const defaultStopTimeoutMs = 10_000;

/** A plugin that runs in a process of its own. */
export function processModule(options: ProcessModuleOptions): PluginModule {
  const { manifest, hash } = options;
  return { manifest, hash, setUp: (setup) => new GuestLife(options, setup).begin() };
}

/** One life of a plugin in its process: what the host tells it, and when. */
class GuestLife {
  readonly #options: ProcessModuleOptions;
  readonly #setup: PluginSetup;
  readonly #context: PluginContext<unknown>;
  readonly #deliveries: GuestDeliveries;
  #toldMs: number | null = null;

  constructor(options: ProcessModuleOptions, setup: PluginSetup) {
    this.#options = options;
    this.#setup = setup;
    this.#context = setup.contextOf(null);
    this.#deliveries = new GuestDeliveries(options.entry.name);
  }

  async begin(): Promise<GuestProcess> {
    const { entry, host, policy, logger } = this.#options;
    const { guard, scope, signal } = this.#setup;
    const launch = await runningLaunch(policy, guard);
    const desk = new GuestDesk({
      context: this.#context,
      deliveries: this.#deliveries,
      deliver: (handler, event, given) => {
        this.#tellTime(process);
        return this.#deliveries.deliver(process, handler, event, given);
      },
    });
    const process = await GuestProcess.launch({
      ...{ plugin: entry.name, launch, logger },
      serve: async (call) => {
        const reply = await desk.serve(call);
        this.#tellTime(process);
        return reply;
      },
      onTold: (topic, value) => desk.onTold(topic, value),
    });
    scope.own("process", () => process.close());
    // One that stands still would take the time for an orderly end as well.
    const onLate = () => process.end(guestError("PLUGIN_STOPPED", entry.name, "it was not set up in time"));
    signal.addEventListener("abort", onLate, { once: true });
    if (signal.aborted) onLate();
    const { pluginSilenceMs: silenceMs = defaultSilenceMs, heartbeatMs = defaultHeartbeatMs } =
      host.limits ?? {};
    await process.call("load", [policy.files.module]);
    scope.own("plugin", () => stop(process));
    scope.signal.addEventListener("abort", () => process.tell("stopping", null), { once: true });
    void keepHeartbeat(process, {
      ...{ plugin: entry.name, everyMs: heartbeatMs, silenceMs, signal: scope.signal },
      onBeat: () => {
        process.tell("lines", desk.linesFor(heartbeatMs));
        process.tell("accounts", this.#context.accounts);
      },
    });
    await process.call("setup", [this.#facts()]);
    await process.measure();
    return process;
  }

  #facts(): SetupFacts {
    const { entry, host } = this.#options;
    const { accounts, clock } = this.#context;
    return {
      name: entry.name,
      config: entry.config,
      accounts,
      baseFolder: host.baseFolder,
      nowMs: clock === systemClock ? null : clock.now(),
      stopTimeoutMs: host.limits?.stopTimeoutMs ?? defaultStopTimeoutMs,
    };
  }

  /** A clock of another's making passes in steps that the process cannot know. */
  #tellTime(process: GuestProcess): void {
    const { clock } = this.#context;
    if (clock === systemClock || clock.now() === this.#toldMs) return;
    this.#toldMs = clock.now();
    process.tell("time", this.#toldMs);
  }
}

async function stop(process: GuestProcess): Promise<void> {
  // Of a process that has ended by itself the reason is told by whoever watches it.
  if (!process.isOver) await process.call("stop", []);
}
