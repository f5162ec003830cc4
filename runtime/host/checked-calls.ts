import { resolve } from "node:path";
import { type Attributes, attributeNames, span, spanNames } from "../../telemetry/index.ts";
import type * as contract from "../contract/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { callTable } from "../permissions/index.ts";
import type { PassingCall } from "./call-gate.ts";
import { priorityOf } from "./call-priority.ts";
import { realPathOf } from "./grants.ts";
import type { Guard } from "./guard.ts";
import { serviceUserId, withoutLoginCode } from "./login-codes.ts";
import type { OnceKeys } from "./once-keys.ts";

type CheckedMethod = keyof typeof callTable;
type Bounds = contract.CallOptions & {
  readonly signal: AbortSignal;
  readonly priority: contract.CallPriority;
};

type Options = contract.CallOptions & contract.OnceOptions;

/** Calls that would send again when they are repeated. */
const sending: ReadonlySet<contract.TelegramMethod> = new Set(["send", "reply", "forward", "upload"]);

const markedId = /^-?[1-9]\d{0,18}$/;
/** What may stand on record; a plugin can give any text for a peer. */
const peerName = /^(me|(@|https:\/\/t\.me\/)\w{1,32}|-?[1-9]\d{0,18})$/;

export interface BrokerOptions {
  readonly port: contract.Telegram;
  readonly guard: Guard;
  /** Ends every call; asked for at each, as a handler's signal is made only when someone wants it. */
  readonly signal: () => AbortSignal;
  readonly baseFolder: string;
  /** In whose handler the calls are made; `null` outside of any. */
  readonly event: contract.EventName | null;
  readonly onceKeys: OnceKeys;
}

/** What every call of a plugin goes through: grants, a span, a count, and the bounds of its time. */
export class CheckedCalls {
  readonly #port: contract.Telegram;
  readonly #guard: Guard;
  readonly #signal: () => AbortSignal;
  readonly #baseFolder: string;
  readonly #event: contract.EventName | null;
  readonly #onceKeys: OnceKeys;

  constructor({ port, guard, signal, baseFolder, event, onceKeys }: BrokerOptions) {
    this.#port = port;
    this.#guard = guard;
    this.#signal = signal;
    this.#baseFolder = baseFolder;
    this.#event = event;
    this.#onceKeys = onceKeys;
  }

  /** A raw call that names no chat may reach any of them, by a message's number or by a search. */
  async requireRawChats(action: string, chats: readonly contract.PeerLike[], bounds: Bounds): Promise<void> {
    if (chats.length === 0 && !this.#guard.coversEveryChat) {
      const fix = `add "*" to plugins.${this.#guard.plugin}.allow.chats`;
      const data = { permission: "chats", value: "*", reason: "not-allowed" };
      throw this.#guard.denial(action, 'lacks chats "*", as the call names none', fix, data);
    }
    for (const chat of chats) {
      if ((await this.grantedId(action, chat, bounds)) !== serviceUserId) continue;
      throw this.#guard.denial(action, "may not reach login codes", "name another chat");
    }
  }

  /** A call in a chat: its scope, then the chat, must be granted. */
  act<T, Given extends Options>(
    method: CheckedMethod,
    chat: contract.PeerLike,
    options: Given | undefined,
    run: (chat: contract.PeerLike, bounds: Given & Bounds) => Promise<T>,
  ): Promise<T> {
    return this.traced(method, options, async (bounds, call) => {
      // Before the first refusal, so that it is on record what it was about.
      call.target = peerName.exec(chat)?.[0] ?? null;
      this.#demandScope(method);
      if (this.#guard.coversEveryChat) return run(chat, bounds);
      const id = await this.grantedId(`call telegram.${method}`, chat, bounds);
      call.target = id;
      return run(id, bounds);
    });
  }

  /** A call on a message, of which what was checked is handed on: the plugin's own object may change meanwhile. */
  actOn<T, Given extends Options>(
    method: CheckedMethod,
    message: contract.MessageRef,
    options: Given | undefined,
    run: (message: contract.MessageRef, bounds: Given & Bounds) => Promise<T>,
  ): Promise<T> {
    const { chatId, messageId } = message;
    return this.act(method, chatId, options, (_, bounds) => run({ chatId, messageId }, bounds));
  }

  /** A call that is in no chat: its scope must be granted. */
  lookUp<T, Given extends Options>(
    method: CheckedMethod,
    options: Given | undefined,
    run: (bounds: Given & Bounds, call: PassingCall) => Promise<T>,
  ): Promise<T> {
    return this.traced(method, options, async (bounds, call) => {
      this.#demandScope(method);
      return run(bounds, call);
    });
  }

  #demandScope(method: CheckedMethod): void {
    const { scope } = callTable[method];
    if (scope !== null) this.#guard.demand(`call telegram.${method}`, { permission: "telegram", scope });
  }

  /**
   * Any call, without a check.
   *
   * @param name for the record, where the method alone does not say it
   */
  traced<T, Given extends Options>(
    method: contract.TelegramMethod,
    options: Given | undefined,
    run: (bounds: Given & Bounds, call: PassingCall) => Promise<T>,
    name = `telegram.${method}`,
  ): Promise<T> {
    const call: PassingCall = { name, account: this.#port.account.name, target: null };
    const attributes = {
      [attributeNames.plugin]: this.#guard.plugin,
      [attributeNames.account]: this.#port.account.name,
      [attributeNames.messagingOperation]: method,
    };
    return span(spanNames.call, { attributes }, async (active) => {
      try {
        return await this.#guard.gate.pass(call, () => run(this.#bounded(method, options), call));
      } catch (error) {
        if (hasCode(error, "PERMISSION_DENIED")) active.set(refusalOf(error));
        throw error;
      }
    });
  }

  #bounded<Given extends Options>(
    method: contract.TelegramMethod,
    options: Given | undefined,
  ): Given & Bounds {
    const own = this.#signal();
    const signal = options?.signal === undefined ? own : AbortSignal.any([options.signal, own]);
    const onceKey = sending.has(method) ? this.#onceKeys.next(options?.onceKey) : null;
    const priority = priorityOf(this.#event, method);
    // A caller without options gets what is added here alone: every option is optional.
    return { priority, ...options, signal, ...(onceKey !== null && { onceKey }) } as Given & Bounds;
  }

  /** The id of a peer, once the plugin is found to have a grant for it: a name could mean another chat a moment later. */
  async grantedId(action: string, peer: contract.PeerLike, bounds: Bounds): Promise<contract.PeerLike> {
    if (this.#guard.coversEveryChat && markedId.test(peer)) return peer;
    const { chat } = await this.#port.resolve(peer, bounds);
    this.#guard.demand(action, { permission: "chats", chat });
    return chat.id;
  }

  /** The path with its links followed, once it is found to be granted. */
  async grantedPath(action: string, permission: "read" | "write", path: string): Promise<string> {
    const real = await realPathOf(resolve(this.#baseFolder, path));
    this.#guard.demand(action, { permission, path: real });
    return real;
  }

  /** A page without the chats that are not granted, and without login codes. */
  visiblePage(page: contract.MessagePage): contract.MessagePage {
    const messages = page.messages.filter((message) => this.#guard.coversChat(message.chat));
    return { ...page, messages: messages.map(withoutLoginCode) };
  }
}

/** Which kind of permission was refused, and by what; its value may be a path or a chat, and stays here. */
function refusalOf(error: unknown): Attributes {
  if (!(error instanceof TelegraphistError)) return {};
  const { permission, reason } = error.data;
  return {
    [attributeNames.permission]: typeof permission === "string" ? permission : undefined,
    [attributeNames.verdict]: typeof reason === "string" ? reason : "denied",
  };
}
