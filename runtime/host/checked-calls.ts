import { resolve } from "node:path";
import { attributeNames, span, spanNames } from "../../telemetry/index.ts";
import type * as contract from "../contract/index.ts";
import { callTable } from "../permissions/index.ts";
import { priorityOf } from "./call-priority.ts";
import { realPathOf } from "./grants.ts";
import type { Guard } from "./guard.ts";
import { serviceUserId, withoutLoginCode } from "./login-codes.ts";

type CheckedMethod = keyof typeof callTable;
type Bounds = contract.CallOptions & {
  readonly signal: AbortSignal;
  readonly priority: contract.CallPriority;
};

const markedId = /^-?[1-9]\d{0,18}$/;

export interface BrokerOptions {
  readonly port: contract.Telegram;
  readonly guard: Guard;
  /** Ends every call; asked for at each, as a handler's signal is made only when someone wants it. */
  readonly signal: () => AbortSignal;
  readonly baseFolder: string;
  /** In whose handler the calls are made; `null` outside of any. */
  readonly event: contract.EventName | null;
}

/** What every call of a plugin goes through: grants, a span, a count, and the bounds of its time. */
export class CheckedCalls {
  readonly #port: contract.Telegram;
  readonly #guard: Guard;
  readonly #signal: () => AbortSignal;
  readonly #baseFolder: string;
  readonly #event: contract.EventName | null;

  constructor({ port, guard, signal, baseFolder, event }: BrokerOptions) {
    this.#port = port;
    this.#guard = guard;
    this.#signal = signal;
    this.#baseFolder = baseFolder;
    this.#event = event;
  }

  /** A raw call that names no chat may reach any of them, by a message's number or by a search. */
  async requireRawChats(action: string, chats: readonly contract.PeerLike[], bounds: Bounds): Promise<void> {
    if (chats.length === 0 && !this.#guard.coversEveryChat) {
      const fix = `add "*" to plugins.${this.#guard.plugin}.allow.chats`;
      throw this.#guard.denial(action, 'lacks chats "*", as the call names none', fix);
    }
    for (const chat of chats) {
      if ((await this.grantedId(action, chat, bounds)) !== serviceUserId) continue;
      throw this.#guard.denial(action, "may not reach login codes", "name another chat");
    }
  }

  /** A call in a chat: its scope, then the chat, must be granted. */
  act<T, Options extends contract.CallOptions>(
    method: CheckedMethod,
    chat: contract.PeerLike,
    options: Options | undefined,
    run: (chat: contract.PeerLike, bounds: Options & Bounds) => Promise<T>,
  ): Promise<T> {
    return this.lookUp(method, options, async (bounds) => {
      const needsId = !this.#guard.coversEveryChat;
      return run(needsId ? await this.grantedId(`call telegram.${method}`, chat, bounds) : chat, bounds);
    });
  }

  /** A call on a message, of which what was checked is handed on: the plugin's own object may change meanwhile. */
  actOn<T, Options extends contract.CallOptions>(
    method: CheckedMethod,
    message: contract.MessageRef,
    options: Options | undefined,
    run: (message: contract.MessageRef, bounds: Options & Bounds) => Promise<T>,
  ): Promise<T> {
    const { chatId, messageId } = message;
    return this.act(method, chatId, options, (_, bounds) => run({ chatId, messageId }, bounds));
  }

  /** A call that is in no chat: its scope must be granted. */
  lookUp<T, Options extends contract.CallOptions>(
    method: CheckedMethod,
    options: Options | undefined,
    run: (bounds: Options & Bounds) => Promise<T>,
  ): Promise<T> {
    return this.traced(method, options, async (bounds) => {
      const { scope } = callTable[method];
      if (scope !== null) this.#guard.demand(`call telegram.${method}`, { permission: "telegram", scope });
      return run(bounds);
    });
  }

  /** Any call, without a check. */
  traced<T, Options extends contract.CallOptions>(
    method: contract.TelegramMethod,
    options: Options | undefined,
    run: (bounds: Options & Bounds) => Promise<T>,
  ): Promise<T> {
    this.#guard.countCall();
    const attributes = {
      [attributeNames.plugin]: this.#guard.plugin,
      [attributeNames.account]: this.#port.account.name,
      [attributeNames.messagingOperation]: method,
    };
    return span(spanNames.call, { attributes }, () => run(this.#bounded(method, options)));
  }

  #bounded<Options extends contract.CallOptions>(
    method: contract.TelegramMethod,
    options: Options | undefined,
  ): Options & Bounds {
    const own = this.#signal();
    const signal = options?.signal === undefined ? own : AbortSignal.any([options.signal, own]);
    // A caller without options gets the plugin's end and a priority alone: every option is optional.
    return { priority: priorityOf(this.#event, method), ...options, signal } as Options & Bounds;
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
