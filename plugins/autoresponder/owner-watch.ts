import type { AccountName, MessageSent, PluginContext, StoreView, UserStatusChanged } from "telegraphist";
import { z } from "zod";
import type { Presence } from "./presence.ts";

const presenceSchema = z.strictObject({ lastWroteAtMs: z.number() });

/** Follows what the owners of the accounts do by hand; what plugins send does not count. */
export class OwnerWatch {
  readonly #seen: StoreView<z.output<typeof presenceSchema>>;
  readonly #presences = new Map<AccountName, Presence>();

  private constructor(context: Pick<PluginContext<unknown>, "storeView">) {
    this.#seen = context.storeView("owner/", presenceSchema);
  }

  /** Reads what earlier runs left. */
  static async open(context: Pick<PluginContext<unknown>, "storeView" | "accounts">): Promise<OwnerWatch> {
    const watch = new OwnerWatch(context);
    for (const { name } of context.accounts) {
      const seen = await watch.#seen.get(name);
      watch.#presences.set(name, { lastWroteAtMs: seen?.lastWroteAtMs ?? null, status: null });
    }
    return watch;
  }

  presenceOf(account: AccountName): Presence {
    return this.#presences.get(account) ?? { lastWroteAtMs: null, status: null };
  }

  async onSent({ account, isAutomated, sentAtMs }: MessageSent): Promise<void> {
    if (isAutomated) return;
    const { lastWroteAtMs, status } = this.presenceOf(account.name);
    if (lastWroteAtMs !== null && lastWroteAtMs >= sentAtMs) return;
    this.#presences.set(account.name, { lastWroteAtMs: sentAtMs, status });
    await this.#seen.set(account.name, { lastWroteAtMs: sentAtMs });
  }

  onStatus({ account, status, userId }: UserStatusChanged): void {
    if (userId !== account.userId) return;
    this.#presences.set(account.name, { ...this.presenceOf(account.name), status });
  }
}
