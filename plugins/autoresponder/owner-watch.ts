import type { AccountName, MessageSent, PluginContext, StoreView, UserStatusChanged } from "telegraphist";
import { z } from "zod";
import type { AnswerLedger } from "./answer-ledger.ts";
import type { Presence } from "./presence.ts";

const presenceSchema = z.strictObject({ lastWroteAtMs: z.number() });

/** Follows what the owners of the accounts do by hand; the plugin's own answers do not count. */
export class OwnerWatch {
  readonly #ledger: AnswerLedger;
  readonly #seen: StoreView<z.output<typeof presenceSchema>>;
  readonly #presences = new Map<AccountName, Presence>();

  private constructor(context: Pick<PluginContext<unknown>, "storeView">, ledger: AnswerLedger) {
    this.#ledger = ledger;
    this.#seen = context.storeView("owner/", presenceSchema);
  }

  /** Reads what earlier runs left. */
  static async open(
    context: Pick<PluginContext<unknown>, "storeView" | "accounts">,
    ledger: AnswerLedger,
  ): Promise<OwnerWatch> {
    const watch = new OwnerWatch(context, ledger);
    for (const { name } of context.accounts) {
      const seen = await watch.#seen.get(name);
      watch.#presences.set(name, { lastWroteAtMs: seen?.lastWroteAtMs ?? null, status: null });
    }
    return watch;
  }

  presenceOf(account: AccountName): Presence {
    return this.#presences.get(account) ?? { lastWroteAtMs: null, status: null };
  }

  /** An answer's own event comes after its handler has ended, as one chat's events are handled in turn. */
  async onSent({ account, chat, messageId, sentAtMs }: MessageSent): Promise<void> {
    if (await this.#ledger.isOwn({ account: account.name, chatId: chat.id, messageId })) return;
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
