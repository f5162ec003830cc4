import { resolve } from "node:path";
import { attributeNames, span, spanNames } from "../../telemetry/index.ts";
import type * as contract from "../contract/index.ts";
import { callTable, chatsInParameters } from "../permissions/index.ts";
import { priorityOf } from "./call-priority.ts";
import { realPathOf } from "./grants.ts";
import type { Guard } from "./guard.ts";
import { answerWithoutLoginCodes, mayHoldCode, serviceUserId, withoutLoginCode } from "./login-codes.ts";
import { ownMessages } from "./own-messages.ts";

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

/** One account's Telegram as one plugin may use it: each call is checked, traced, counted, and ends with the plugin. */
export class Broker implements contract.Telegram {
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

  get account(): contract.AccountRef {
    return this.#port.account;
  }

  send(chat: contract.PeerLike, content: string | contract.TextContent, options?: contract.SendOptions) {
    return this.#act("send", chat, options, (peer, bounds) => this.#port.send(peer, content, bounds));
  }

  reply(to: contract.MessageRef, content: string | contract.TextContent, options?: contract.SendOptions) {
    return this.#act("reply", to.chatId, options, (_, bounds) => this.#port.reply(to, content, bounds));
  }

  edit(message: contract.MessageRef, content: string | contract.TextContent, options?: contract.CallOptions) {
    return this.#act("edit", message.chatId, options, (_, bounds) =>
      this.#port.edit(message, content, bounds),
    );
  }

  delete(
    chat: contract.PeerLike,
    messageIds: readonly contract.MessageId[],
    options?: Parameters<contract.Telegram["delete"]>[2],
  ) {
    return this.#act("delete", chat, options, async (peer, bounds) => {
      if (this.#guard.coversEveryChat) return this.#port.delete(peer, messageIds, bounds);
      const own = await ownMessages(this.#port, peer, messageIds, bounds);
      if (own.length === 0) return 0;
      return this.#port.delete(
        peer,
        own.map(({ id }) => id),
        bounds,
      );
    });
  }

  forward(
    from: contract.PeerLike,
    messageIds: readonly contract.MessageId[],
    to: contract.PeerLike,
    options?: Parameters<contract.Telegram["forward"]>[3],
  ) {
    return this.#act("forward", to, options, async (target, bounds) => {
      const action = "call telegram.forward";
      this.#guard.demand(action, { permission: "telegram", scope: "messages:read" });
      const source = await this.#grantedId(action, from, bounds);
      const own = await ownMessages(this.#port, source, messageIds, bounds);
      if (source === serviceUserId || own.some(mayHoldCode)) {
        throw this.#guard.denial(action, "may not pass login codes on", "forward other messages");
      }
      if (own.length === 0) return [];
      return this.#port.forward(
        source,
        own.map(({ id }) => id),
        target,
        bounds,
      );
    });
  }

  react(message: contract.MessageRef, emoji: string | null, options?: contract.CallOptions) {
    return this.#act("react", message.chatId, options, (_, bounds) =>
      this.#port.react(message, emoji, bounds),
    );
  }

  read(chat: contract.PeerLike, options?: Parameters<contract.Telegram["read"]>[1]) {
    return this.#act("read", chat, options, (peer, bounds) => this.#port.read(peer, bounds));
  }

  typing(chat: contract.PeerLike, action?: contract.TypingAction, options?: contract.CallOptions) {
    return this.#act("typing", chat, options, (peer, bounds) => this.#port.typing(peer, action, bounds));
  }

  history(chat: contract.PeerLike, options?: contract.HistoryOptions) {
    return this.#act("history", chat, options, async (peer, bounds) =>
      this.#visiblePage(await this.#port.history(peer, bounds)),
    );
  }

  messages(
    chat: contract.PeerLike,
    messageIds: readonly contract.MessageId[],
    options?: contract.CallOptions,
  ) {
    return this.#act("messages", chat, options, async (peer, bounds) => {
      const messages = await this.#port.messages(peer, messageIds, bounds);
      return messages.map((message) => (message === null ? null : withoutLoginCode(message)));
    });
  }

  dialogs(options?: Parameters<contract.Telegram["dialogs"]>[0]) {
    return this.#lookUp("dialogs", options, async (bounds) => {
      const dialogs = await this.#port.dialogs(bounds);
      return dialogs.filter((dialog) => this.#guard.coversChat(dialog.chat));
    });
  }

  search(query: string, options?: contract.SearchOptions) {
    const { chat, ...rest } = options ?? {};
    if (chat !== undefined) {
      return this.#act("search", chat, rest, async (peer, bounds) =>
        this.#visiblePage(await this.#port.search(query, { ...bounds, chat: peer })),
      );
    }
    return this.#lookUp("search", rest, async (bounds) =>
      this.#visiblePage(await this.#port.search(query, bounds)),
    );
  }

  resolve(peer: contract.PeerLike, options?: contract.CallOptions) {
    return this.#lookUp("resolve", options, (bounds) => this.#port.resolve(peer, bounds));
  }

  me(options?: contract.CallOptions) {
    return this.#lookUp("me", options, (bounds) => this.#port.me(bounds));
  }

  participants(chat: contract.PeerLike, options?: Parameters<contract.Telegram["participants"]>[1]) {
    return this.#act("participants", chat, options, (peer, bounds) => this.#port.participants(peer, bounds));
  }

  invite(chat: contract.PeerLike, users: readonly contract.PeerLike[], options?: contract.CallOptions) {
    return this.#act("invite", chat, options, (peer, bounds) => this.#port.invite(peer, users, bounds));
  }

  createInviteLink(chat: contract.PeerLike, options?: contract.InviteLinkOptions) {
    return this.#act("createInviteLink", chat, options, (peer, bounds) =>
      this.#port.createInviteLink(peer, bounds),
    );
  }

  inviteLinks(chat: contract.PeerLike, options?: Parameters<contract.Telegram["inviteLinks"]>[1]) {
    return this.#act("inviteLinks", chat, options, (peer, bounds) => this.#port.inviteLinks(peer, bounds));
  }

  revokeInviteLink(chat: contract.PeerLike, url: string, options?: contract.CallOptions) {
    return this.#act("revokeInviteLink", chat, options, (peer, bounds) =>
      this.#port.revokeInviteLink(peer, url, bounds),
    );
  }

  joinRequests(chat: contract.PeerLike, options?: Parameters<contract.Telegram["joinRequests"]>[1]) {
    return this.#act("joinRequests", chat, options, (peer, bounds) => this.#port.joinRequests(peer, bounds));
  }

  answerJoinRequest(
    chat: contract.PeerLike,
    user: contract.PeerLike,
    approve: boolean,
    options?: contract.CallOptions,
  ) {
    return this.#act("answerJoinRequest", chat, options, (peer, bounds) =>
      this.#port.answerJoinRequest(peer, user, approve, bounds),
    );
  }

  contacts(options?: contract.CallOptions) {
    return this.#lookUp("contacts", options, (bounds) => this.#port.contacts(bounds));
  }

  download(message: contract.MessageRef, path: string, options?: contract.TransferOptions) {
    return this.#act("download", message.chatId, options, async (_, bounds) => {
      const target = await this.#grantedPath("call telegram.download", "write", path);
      return this.#port.download(message, target, bounds);
    });
  }

  upload(
    chat: contract.PeerLike,
    file: contract.FileContent,
    options?: contract.SendOptions & contract.TransferOptions,
  ) {
    return this.#act("upload", chat, options, async (peer, bounds) => {
      const source = await this.#grantedPath("call telegram.upload", "read", file.path);
      return this.#port.upload(peer, { ...file, path: source }, bounds);
    });
  }

  invoke(
    method: string,
    parameters: Readonly<Record<string, contract.JsonValue>>,
    options?: contract.CallOptions,
  ) {
    const action = `call telegram.invoke(${JSON.stringify(method)})`;
    return this.#traced("invoke", options, async (bounds) => {
      this.#guard.demand(action, { permission: "telegram", scope: `raw:${method}` });
      await this.#requireRawChats(action, chatsInParameters(parameters), bounds);
      return answerWithoutLoginCodes(await this.#port.invoke(method, parameters, bounds));
    });
  }

  /** A raw call that names no chat may reach any of them, by a message's number or by a search. */
  async #requireRawChats(action: string, chats: readonly contract.PeerLike[], bounds: Bounds): Promise<void> {
    if (chats.length === 0 && !this.#guard.coversEveryChat) {
      const fix = `add "*" to plugins.${this.#guard.plugin}.allow.chats`;
      throw this.#guard.denial(action, 'lacks chats "*", as the call names none', fix);
    }
    for (const chat of chats) {
      if ((await this.#grantedId(action, chat, bounds)) !== serviceUserId) continue;
      throw this.#guard.denial(action, "may not reach login codes", "name another chat");
    }
  }

  /** A call in a chat: its scope, then the chat, must be granted. */
  #act<T, Options extends contract.CallOptions>(
    method: CheckedMethod,
    chat: contract.PeerLike,
    options: Options | undefined,
    run: (chat: contract.PeerLike, bounds: Options & Bounds) => Promise<T>,
  ): Promise<T> {
    return this.#lookUp(method, options, async (bounds) => {
      const needsId = !this.#guard.coversEveryChat;
      return run(needsId ? await this.#grantedId(`call telegram.${method}`, chat, bounds) : chat, bounds);
    });
  }

  /** A call that is in no chat: its scope must be granted. */
  #lookUp<T, Options extends contract.CallOptions>(
    method: CheckedMethod,
    options: Options | undefined,
    run: (bounds: Options & Bounds) => Promise<T>,
  ): Promise<T> {
    return this.#traced(method, options, async (bounds) => {
      const { scope } = callTable[method];
      if (scope !== null) this.#guard.demand(`call telegram.${method}`, { permission: "telegram", scope });
      return run(bounds);
    });
  }

  #traced<T, Options extends contract.CallOptions>(
    method: contract.TelegramMethod,
    options: Options | undefined,
    run: (bounds: Options & Bounds) => Promise<T>,
  ): Promise<T> {
    this.#guard.countCall();
    const attributes = {
      [attributeNames.plugin]: this.#guard.plugin,
      [attributeNames.account]: this.account.name,
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
  async #grantedId(action: string, peer: contract.PeerLike, bounds: Bounds): Promise<contract.PeerLike> {
    if (this.#guard.coversEveryChat && markedId.test(peer)) return peer;
    const { chat } = await this.#port.resolve(peer, bounds);
    this.#guard.demand(action, { permission: "chats", chat });
    return chat.id;
  }

  async #grantedPath(action: string, permission: "read" | "write", path: string): Promise<string> {
    const real = await realPathOf(resolve(this.#baseFolder, path));
    this.#guard.demand(action, { permission, path: real });
    return real;
  }

  /** A page without the chats that are not granted, and without login codes. */
  #visiblePage(page: contract.MessagePage): contract.MessagePage {
    const messages = page.messages.filter((message) => this.#guard.coversChat(message.chat));
    return { ...page, messages: messages.map(withoutLoginCode) };
  }
}
