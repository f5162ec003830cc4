import {
  type AccountName,
  type ChatId,
  type HandlerContext,
  hasCategory,
  hasCode,
  type PeerLike,
  type PluginContext,
  parseChatId,
  type StoreView,
  waitMsOf,
} from "telegraphist";
import type { ArchiveIndex } from "./archive-index.ts";
import { afterPage, type BackfillCursor, cursorSchema, freshCursor, resumed } from "./backfill-cursor.ts";
import { wantedFileOf, wantsChat } from "./choose-file.ts";
import type { ArchiverConfig } from "./config.ts";

const maxQueued = 1000;
const fullQueuePauseMs = 5000;
const retryMs = 30_000;
const callTimeoutMs = 25_000;
/** As many as a call may ask for. */
const maxDialogs = 10_000;
/** A hundred pages of the list of chats, within the minute that a step has. */
const dialogsTimeoutMs = 50_000;

interface Walk {
  readonly account: AccountName;
  readonly chatId: ChatId;
  cursor: BackfillCursor;
}

/** Walks the history of the chats, a page at a time, and puts what is wanted into the queue. */
export class Backfill {
  readonly #context: PluginContext<ArchiverConfig>;
  readonly #index: ArchiveIndex;
  readonly #cursors: StoreView<BackfillCursor>;
  readonly #onQueued: () => void;
  #walks: Walk[] | null = null;

  constructor(context: PluginContext<ArchiverConfig>, index: ArchiveIndex, onQueued: () => void) {
    this.#context = context;
    this.#index = index;
    this.#cursors = context.storeView("backfill/", cursorSchema);
    this.#onQueued = onQueued;
  }

  /** Takes the next page after a time, and so on to the end. */
  continueAfter(delayMs: number): void {
    this.#context.schedule.after("backfill", delayMs, async (_due, { signal }) => {
      const nextMs = await this.#step(signal);
      if (nextMs !== null && !this.#context.signal.aborted) this.continueAfter(nextMs);
    });
  }

  /** How long to wait before the next step, or `null` at the end. */
  async #step(signal: HandlerContext["signal"]): Promise<number | null> {
    const { config, log } = this.#context;
    try {
      if (this.#index.counts().queued >= maxQueued) return fullQueuePauseMs;
      this.#walks ??= await this.#begin(signal);
      const walk = this.#walks[0];
      if (walk === undefined) {
        log.info("back-fill is done", { ...this.#index.counts() });
        return null;
      }
      await this.#takePage(walk, signal);
      if (walk.cursor.isDone) this.#walks.shift();
      return config.backfill.pagePauseMs;
    } catch (error) {
      if (this.#context.signal.aborted) return null;
      const walk = this.#walks?.[0];
      if (walk !== undefined && hasCategory(error, "NOT_FOUND", "RIGHTS", "INVALID", "PRIVACY")) {
        log.warn("chat is left out of the back-fill", { chatId: walk.chatId, error });
        this.#walks?.shift();
        return config.backfill.pagePauseMs;
      }
      if (hasCategory(error, "PERMISSION")) throw error;
      log.warn("back-fill waits", { error });
      return waitMsOf(error) ?? retryMs;
    }
  }

  async #takePage(walk: Walk, signal: AbortSignal): Promise<void> {
    const { config, log } = this.#context;
    const { account, chatId, cursor } = walk;
    const page = await this.#context.telegramOf(account).history(chatId, {
      limit: 100,
      signal,
      timeoutMs: callTimeoutMs,
      ...(cursor.beforeId === null ? {} : { beforeId: cursor.beforeId }),
    });
    let queued = 0;
    for (const message of page.messages) {
      const file = wantedFileOf(account, message.id, message, config);
      if (file !== null && this.#index.enqueue(file)) queued += 1;
    }
    // The queue is on disk before the cursor moves: a crash in between takes the page again.
    walk.cursor = afterPage(cursor, page, config.since === undefined ? -Infinity : Date.parse(config.since));
    await this.#cursors.set(`${account}/${chatId}`, walk.cursor);
    if (queued > 0) this.#onQueued();
    log.debug("page is walked", { chatId, messages: page.messages.length, queued });
  }

  async #begin(signal: AbortSignal): Promise<Walk[]> {
    const walks: Walk[] = [];
    for (const { name: account } of this.#context.accounts) {
      for (const chatId of await this.#chatsOf(account, signal)) {
        const cursor = (await this.#cursors.get(`${account}/${chatId}`)) ?? freshCursor;
        walks.push({ account, chatId, cursor: resumed(cursor) });
      }
    }
    this.#context.log.info("back-fill begins", { chats: walks.length });
    return walks;
  }

  async #chatsOf(account: AccountName, signal: AbortSignal): Promise<ReadonlySet<ChatId>> {
    const { config, log } = this.#context;
    const telegram = this.#context.telegramOf(account);
    const options = { signal, timeoutMs: callTimeoutMs };
    const chats = new Set<ChatId>();
    const peers = config.chats.flatMap((entry) => peerOf(entry) ?? []);
    if (peers.length < config.chats.length) {
      const dialogs = await telegram.dialogs({ signal, timeoutMs: dialogsTimeoutMs, limit: maxDialogs });
      for (const { chat } of dialogs) if (wantsChat(config.chats, chat)) chats.add(chat.id);
    }
    for (const peer of peers) {
      try {
        chats.add((await telegram.resolve(peer, options)).chat.id);
      } catch (error) {
        if (!hasCode(error, "PEER_NOT_FOUND")) throw error;
        log.warn("chat is not known to the account", { peer, account });
      }
    }
    return chats;
  }
}

/** The one chat that an entry names; `null` for `*` and for kinds of chat. */
function peerOf(entry: string): PeerLike | null {
  if (entry.startsWith("@")) return `@${entry.slice(1)}`;
  return /^-?\d+$/.test(entry) ? parseChatId(entry) : null;
}
