import {
  type AccountName,
  type ErrorRecord,
  hasCode,
  type PermissionName,
  type PluginName,
  permissionNames,
  TelegraphistError,
} from "../contract/index.ts";
import type { AuditEntry, AuditSink, AuditVerdict } from "./audit.ts";
import type { CallCounters } from "./call-counters.ts";
import { CallLimiter, type CallLimits } from "./call-limiter.ts";
import { handledEvent } from "./handled-event.ts";
import type { PluginState } from "./plugin-status.ts";

/** A call on its way through the gate. */
export interface PassingCall {
  /** As `telegram.send`. */
  readonly name: string;
  readonly account: AccountName | null;
  /** The chat or host; what is found out on the way is put in its place. */
  target: string | null;
}

export interface CallGateOptions {
  readonly plugin: PluginName;
  readonly counters: CallCounters;
  /** @default nobody is told */
  readonly audit?: AuditSink | undefined;
  /** @default none */
  readonly limits?: CallLimits | undefined;
  /** @default Date.now */
  readonly now?: () => number;
}

const maxTargetLength = 200;

/** What every call of a plugin passes: it is counted, held to the plugin's limits, and put on record. */
export class CallGate {
  readonly #options: CallGateOptions;
  readonly #limiter: CallLimiter | null;
  readonly #now: () => number;

  constructor(options: CallGateOptions) {
    this.#options = options;
    this.#limiter = options.limits === undefined ? null : new CallLimiter(options.limits);
    this.#now = options.now ?? Date.now;
  }

  /** @throws {TelegraphistError} `PLUGIN_RATE_LIMITED`, with `data.waitMs`, and what `run` throws */
  async pass<T>(call: PassingCall, run: () => Promise<T>): Promise<T> {
    const startedAtMs = this.#now();
    this.#options.counters.calls++;
    try {
      this.#admit(startedAtMs);
    } catch (error) {
      this.#note(call, "limited", startedAtMs, knownOf(error));
      throw error;
    }
    try {
      const result = await run();
      this.#note(call, "allowed", startedAtMs, null);
      return result;
    } catch (error) {
      this.#note(
        call,
        hasCode(error, "PERMISSION_DENIED") ? "denied" : "failed",
        startedAtMs,
        knownOf(error),
      );
      throw error;
    } finally {
      this.#limiter?.giveBack();
    }
  }

  /** Puts a refusal on record that was no call. */
  noteDenial(name: string, error: TelegraphistError): void {
    this.#note(outsideOfCalls(name), "denied", this.#now(), error);
  }

  /** Puts on record what became of the plugin itself. @param error why */
  noteState(state: PluginState | "pinned", error: ErrorRecord | null): void {
    const verdict = error === null ? "allowed" : isRefusal(error) ? "denied" : "failed";
    this.#note(outsideOfCalls(`plugin.${state}`), verdict, this.#now(), error);
  }

  /** Puts on record that the system refused a handler something; of any other failure of a handler nothing is put. */
  noteHandlerFailure(error: ErrorRecord): void {
    if (isSystemRefusal(error)) this.#note(outsideOfCalls("plugin.handler"), "denied", this.#now(), error);
  }

  #admit(nowMs: number): void {
    const waitMs = this.#limiter?.take(nowMs) ?? 0;
    if (waitMs === 0) return;
    const { plugin } = this.#options;
    throw new TelegraphistError({
      code: "PLUGIN_RATE_LIMITED",
      category: "FLOOD_WAIT",
      retryable: true,
      message: `Cannot take another call of plugin "${plugin}" as it makes more than limits.plugin allows: wait ${waitMs} ms`,
      data: { plugin, waitMs },
    });
  }

  #note(call: PassingCall, verdict: AuditVerdict, startedAtMs: number, error: KnownError | null): void {
    const { audit, plugin } = this.#options;
    if (audit === undefined) return;
    const refused = error === null || verdict !== "denied" ? null : refusalIn(error);
    const entry: AuditEntry = {
      atMs: startedAtMs,
      plugin,
      account: call.account,
      call: call.name,
      target: printable(refused?.target ?? call.target),
      verdict,
      permission: refused?.permission ?? null,
      code: refused?.code ?? error?.code ?? null,
      durationMs: this.#now() - startedAtMs,
      eventId: handledEvent.getStore() ?? null,
      count: 1,
    };
    audit.note(entry);
  }
}

/** A plugin chose the text, and a terminal may come to show it. */
function printable(text: string | null): string | null {
  return text?.slice(0, maxTargetLength).replace(/\p{C}/gu, "�") ?? null;
}

type KnownError = Pick<ErrorRecord, "code" | "data">;

/** Of what is no error of ours nothing is told, as it may quote a message. */
function knownOf(error: unknown): KnownError {
  return error instanceof TelegraphistError ? error : { code: "INTERNAL", data: {} };
}

function outsideOfCalls(name: string): PassingCall {
  return { name, account: null, target: null };
}

/** What a process that the kernel holds is answered. */
const systemRefusals: ReadonlySet<unknown> = new Set(["EACCES", "EPERM"]);

function isRefusal(error: ErrorRecord): boolean {
  return error.category === "PERMISSION" || isSystemRefusal(error);
}

function isSystemRefusal({ data }: KnownError): boolean {
  return systemRefusals.has(data.systemCode);
}

interface Refusal {
  /** Of the system's refusal; else the error's own stands. */
  readonly code: string | null;
  readonly permission: PermissionName | null;
  readonly target: string | null;
}

/** Which permission was lacking, or what the system said, and for which chat, host, or path. */
function refusalIn(error: KnownError): Refusal {
  const { data } = error;
  if (isSystemRefusal(error)) {
    const target = data.systemPath ?? data.systemCall;
    return {
      code: String(data.systemCode),
      permission: null,
      target: target === undefined ? null : String(target),
    };
  }
  const permission = permissionNames.find((name) => name === data.permission) ?? null;
  const isTarget = permission !== null && permission !== "telegram" && typeof data.value === "string";
  return { code: null, permission, target: isTarget ? String(data.value) : null };
}
