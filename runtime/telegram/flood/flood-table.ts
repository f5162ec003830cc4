import { type ChatId, peerKeyOf, type TelegraphistError } from "../../contract/index.ts";
import { waitMsOf } from "../errors.ts";
import { budgetRuleOf } from "./budget-rules.ts";
import { isMessage, isUnsolicited, isWrite } from "./method-kinds.ts";

/** What an account that Telegram flagged (`unsolicited`) or froze (`writes`) has to leave alone. */
export type Restriction = "unsolicited" | "writes";

/** A time before which Telegram does not want a method, for one chat or for all. */
export interface FloodBlock {
  /** A method's TL name, the name of a budget for what is counted over several methods, or a `Restriction`. */
  readonly method: string;
  readonly chatId: ChatId | null;
  readonly untilMs: number;
}

/** A call as flood control sees it. */
export interface FloodCall {
  readonly method: string;
  /** `null` when it is about none, or about one that is not known. */
  readonly chatId: ChatId | null;
}

export interface RestrictionVerdict {
  readonly restriction: Restriction;
  readonly untilMs: number;
  /** Whether the call may go all the same when it answers someone who has written first. */
  readonly sparesAnswers: boolean;
}

const hourMs = 3_600_000;
/** Telegram names no time with PEER_FLOOD; a day is what those who got it report. */
const spamRestMs = 24 * hourMs;
/** Nor does it for a frozen account: one call an hour finds out when that is over. */
const freezeRestMs = hourMs;
/** Telegram counts in whole seconds; a wait of 0 still means that the call came too early. */
const leastWaitMs = 1000;
const restrictions: readonly string[] = ["unsolicited", "writes"] satisfies readonly Restriction[];

/** What one account may not call yet. Pure: it is told the time, and keeps one end per method and chat. */
export class FloodTable {
  readonly #blocks = new Map<string, FloodBlock>();

  /**
   * Takes a block in; an earlier end never shortens a later one.
   *
   * @returns whether it says something new: nothing of the kind held, or it is longer by a second at least
   */
  add(block: FloodBlock, nowMs: number): boolean {
    const key = keyOf(block.method, block.chatId);
    const knownUntilMs = Math.max(this.#blocks.get(key)?.untilMs ?? 0, nowMs);
    if (knownUntilMs < block.untilMs) this.#blocks.set(key, block);
    if (isRestriction(block.method)) return knownUntilMs === nowMs && block.untilMs > nowMs;
    return block.untilMs - knownUntilMs >= leastWaitMs;
  }

  /** The latest end of the waits that hold for a call; 0 when there is none. */
  waitUntilMs({ method, chatId }: FloodCall): number {
    const everywhere = this.#endOf(method, null);
    if (chatId === null) return everywhere;
    return Math.max(everywhere, this.#endOf(method, chatId), this.#endOf(budgetRuleOf(method).name, chatId));
  }

  /** What keeps a call from being made at all; `null` when nothing does. */
  restriction({ method, chatId }: FloodCall, nowMs: number): RestrictionVerdict | null {
    const frozenUntilMs = this.#endOf("writes", null);
    if (frozenUntilMs > nowMs && isWrite(method)) {
      return { restriction: "writes", untilMs: frozenUntilMs, sparesAnswers: false };
    }
    const flaggedUntilMs = this.#endOf("unsolicited", null);
    if (flaggedUntilMs <= nowMs) return null;
    const verdict = { restriction: "unsolicited", untilMs: flaggedUntilMs } as const;
    if (isUnsolicited(method)) return { ...verdict, sparesAnswers: false };
    if (chatId === null || !isMessage(method)) return null;
    if (this.#endOf("unsolicited", chatId) > nowMs) return { ...verdict, sparesAnswers: false };
    return peerKeyOf(chatId).kind === "user" ? { ...verdict, sparesAnswers: true } : null;
  }

  /** All that holds now, one of a kind: waits of single chats are told as their method's. */
  list(nowMs: number): readonly { readonly method: string; readonly untilMs: number }[] {
    const ends = new Map<string, number>();
    for (const { method, untilMs } of this.#blocks.values()) {
      if (untilMs > nowMs) ends.set(method, Math.max(untilMs, ends.get(method) ?? 0));
    }
    return [...ends].map(([method, untilMs]) => ({ method, untilMs }));
  }

  /** Forgets everything. */
  clear(): void {
    this.#blocks.clear();
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
 * The blocks that an error asks for: a named wait holds its method, slow mode all that is sent to its chat; PEER_FLOOD
 * holds everything unsolicited, and the chat that took no message; a frozen account leaves everything as it is.
 */
export function blocksOf(
  error: TelegraphistError,
  { method, chatId }: FloodCall,
  nowMs: number,
): readonly FloodBlock[] {
  if (error.code === "PEER_FLOOD") {
    const everywhere = { method: "unsolicited", chatId: null, untilMs: nowMs + spamRestMs };
    return chatId !== null && isMessage(method) ? [everywhere, { ...everywhere, chatId }] : [everywhere];
  }
  if (error.category === "FLOOD_BLOCK") {
    return [{ method: "writes", chatId: null, untilMs: nowMs + freezeRestMs }];
  }
  const waitMs = waitMsOf(error);
  if (waitMs === null) return [];
  const untilMs = nowMs + Math.max(waitMs, leastWaitMs);
  return error.code === "SLOWMODE_WAIT" && chatId !== null
    ? [{ method: budgetRuleOf(method).name, chatId, untilMs }]
    : [{ method, chatId: null, untilMs }];
}

export function isRestriction(method: string): method is Restriction {
  return restrictions.includes(method);
}

function keyOf(method: string, chatId: ChatId | null): string {
  return `${method} ${chatId ?? ""}`;
}
