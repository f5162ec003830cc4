import type { ChatId, TelegraphistError } from "../../contract/index.ts";
import { waitMsOf } from "../errors.ts";

/** A time before which Telegram does not want a method, for one chat or for all. */
export interface FloodBlock {
  /** A method's TL name, or `unsolicited` for all that goes to people who did not ask for it. */
  readonly method: string;
  readonly chatId: ChatId | null;
  readonly untilMs: number;
}

/** What is to be waited for, and what to answer when it cannot be. */
export interface FloodVerdict {
  readonly untilMs: number;
  /** `wait`: Telegram named the time; `blocked`: the account is flagged, and trying again makes it worse. */
  readonly kind: "wait" | "blocked";
}

const dayMs = 86_400_000;
/** Telegram counts in whole seconds; a wait of 0 still means that the call came too early. */
const leastWaitMs = 1000;
const unsolicited = "unsolicited";

/** Methods that reach people who did not ask for it; after PEER_FLOOD they rest. */
const unsolicitedMethods: ReadonlySet<string> = new Set([
  "channels.inviteToChannel",
  "messages.addChatUser",
  "messages.createChat",
  "messages.importChatInvite",
  "channels.joinChannel",
  "contacts.addContact",
  "contacts.importContacts",
]);

const writes = /^messages\.(send|forward)/;

/** Limits that Telegram counts for each chat by itself; all others count for the account. */
const perChatCodes: readonly string[] = ["SLOWMODE_WAIT"];

/** What one account may not call yet. Pure: it is told the time, and keeps one end per method and chat. */
export class FloodTable {
  readonly #blocks = new Map<string, FloodBlock>();

  /** Takes a block in; an earlier end never shortens a later one. */
  add(block: FloodBlock): void {
    const key = keyOf(block.method, block.chatId);
    const known = this.#blocks.get(key);
    if (known === undefined || known.untilMs < block.untilMs) this.#blocks.set(key, block);
  }

  /** The latest end that holds for a call now; `null` when it may go. */
  verdict(method: string, chatId: ChatId | null, nowMs: number): FloodVerdict | null {
    const wait = Math.max(this.#endOf(method, null), chatId === null ? 0 : this.#endOf(method, chatId));
    const blockedEverywhere = unsolicitedMethods.has(method) ? this.#endOf(unsolicited, null) : 0;
    const blockedHere = chatId !== null && writes.test(method) ? this.#endOf(unsolicited, chatId) : 0;
    const blockedUntil = Math.max(blockedEverywhere, blockedHere);
    if (blockedUntil > nowMs) return { untilMs: blockedUntil, kind: "blocked" };
    return wait > nowMs ? { untilMs: wait, kind: "wait" } : null;
  }

  /** Forgets what has ended. */
  prune(nowMs: number): void {
    for (const [key, block] of this.#blocks) if (block.untilMs <= nowMs) this.#blocks.delete(key);
  }

  get size(): number {
    return this.#blocks.size;
  }

  #endOf(method: string, chatId: ChatId | null): number {
    return this.#blocks.get(keyOf(method, chatId))?.untilMs ?? 0;
  }
}

/**
 * The blocks that an error asks for: a named wait holds its method; PEER_FLOOD holds everything unsolicited for a day,
 * and the chat in which it came.
 */
export function blocksOf(
  error: TelegraphistError,
  method: string,
  chatId: ChatId | null,
  nowMs: number,
): readonly FloodBlock[] {
  if (error.code === "PEER_FLOOD") {
    const untilMs = nowMs + dayMs;
    const everywhere = { method: unsolicited, chatId: null, untilMs };
    return chatId === null ? [everywhere] : [everywhere, { method: unsolicited, chatId, untilMs }];
  }
  const waitMs = waitMsOf(error);
  if (waitMs === null) return [];
  const untilMs = nowMs + Math.max(waitMs, leastWaitMs);
  return [{ method, chatId: perChatCodes.includes(error.code) ? chatId : null, untilMs }];
}

function keyOf(method: string, chatId: ChatId | null): string {
  return `${method} ${chatId ?? ""}`;
}
