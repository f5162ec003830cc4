import { type AccountName, type PluginName, TelegraphistError } from "../contract/index.ts";
import {
  type ChatIdentity,
  coversEveryChat,
  decide,
  type Grants,
  type PermissionRequest,
} from "../permissions/index.ts";
import type { CallCounters } from "./call-counters.ts";
import { CallGate } from "./call-gate.ts";

/** Stands between one plugin and everything that it may be refused. */
export class Guard {
  readonly plugin: PluginName;
  readonly grants: Grants;
  /** Whether nobody has to ask which chat it is. */
  readonly coversEveryChat: boolean;
  /** What every call passes that is let through, or refused, here. */
  readonly gate: CallGate;
  readonly #counters: CallCounters;

  /** @param gate by default one without limits that tells nobody */
  constructor(
    plugin: PluginName,
    grants: Grants,
    counters: CallCounters,
    gate = new CallGate({ plugin, counters }),
  ) {
    this.plugin = plugin;
    this.grants = grants;
    this.coversEveryChat = coversEveryChat(grants.requested, grants.allow, grants.deny);
    this.#counters = counters;
    this.gate = gate;
  }

  /** Whether the plugin may see and act in the chat. */
  coversChat(chat: ChatIdentity): boolean {
    return this.coversEveryChat || this.allows({ permission: "chats", chat });
  }

  allows(request: PermissionRequest): boolean {
    return decide(request, this.grants, this.plugin).verdict === "granted";
  }

  /**
   * @param action what is refused, as in `call telegram.send`
   * @throws {TelegraphistError} `PERMISSION_DENIED`, which says what to add and where
   */
  demand(action: string, request: PermissionRequest): void {
    const verdict = decide(request, this.grants, this.plugin);
    if (verdict.verdict === "granted") return;
    const { permission, value, reason, fix } = verdict;
    const lack = permission === "telegram" ? value : `${permission} ${JSON.stringify(value)}`;
    throw this.denial(action, `lacks ${lack}`, fix, { permission, value, reason });
  }

  /**
   * The same outside of any call, such as a subscription: a refusal is put on record here.
   *
   * @throws {TelegraphistError} `PERMISSION_DENIED`
   */
  demandOnRecord(action: string, request: PermissionRequest): void {
    try {
      this.demand(action, request);
    } catch (error) {
      if (error instanceof TelegraphistError) this.gate.noteDenial(action, error);
      throw error;
    }
  }

  /** The error of a refusal, counted. */
  denial(
    action: string,
    lack: string,
    fix: string,
    data: Readonly<Record<string, string>> = {},
  ): TelegraphistError {
    this.#counters.denied++;
    return new TelegraphistError({
      code: "PERMISSION_DENIED",
      category: "PERMISSION",
      message: `Cannot ${action} as plugin "${this.plugin}" ${lack}: ${fix}`,
      data: { plugin: this.plugin, fix, ...data },
    });
  }

  /** The error of a refused account, counted and put on record. */
  accountDenial(account: AccountName): TelegraphistError {
    const action = `use account "${account}"`;
    const error = this.denial(
      action,
      "is not given it",
      `add "${account}" to plugins.${this.plugin}.accounts`,
    );
    this.gate.noteDenial(action, error);
    return error;
  }
}
