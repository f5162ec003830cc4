import type * as contract from "../contract/index.ts";
import { chatsInParameters } from "../permissions/index.ts";
import { type BrokerOptions, CheckedCalls } from "./checked-calls.ts";
import type { Guard } from "./guard.ts";
import { answerWithoutLoginCodes, mayHoldCode, serviceUserId, withoutLoginCode } from "./login-codes.ts";
import { ownMessages } from "./own-messages.ts";

/** One account's Telegram as one plugin may use it: each call is checked, traced, counted, and ends with the plugin. */
export class Broker implements contract.Telegram {
  readonly #port: contract.Telegram;
  readonly #guard: Guard;
  readonly #calls: CheckedCalls;

  constructor(options: BrokerOptions) {
    this.#port = options.port;
    this.#guard = options.guard;
    this.#calls = new CheckedCalls(options);
  }

  get account(): contract.AccountRef {
    return this.#port.account;
  }

  send(chat: contract.PeerLike, content: string | contract.TextContent, options?: contract.SendOptions) {
    return this.#calls.act("send", chat, options, (peer, bounds) => this.#port.send(peer, content, bounds));
  }

  reply(to: contract.MessageRef, content: string | contract.TextContent, options?: contract.SendOptions) {
    return this.#calls.actOn("reply", to, options, (ref, bounds) => this.#port.reply(ref, content, bounds));
  }

  edit(message: contract.MessageRef, content: string | contract.TextContent, options?: contract.CallOptions) {
    return this.#calls.actOn("edit", message, options, (ref, bounds) =>
      this.#port.edit(ref, content, bounds),
    );
  }

  delete(
    chat: contract.PeerLike,
    messageIds: readonly contract.MessageId[],
    options?: Parameters<contract.Telegram["delete"]>[2],
  ) {
    return this.#calls.act("delete", chat, options, async (peer, bounds) => {
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
    return this.#calls.act("forward", to, options, async (target, bounds) => {
      const action = "call telegram.forward";
      this.#guard.demand(action, { permission: "telegram", scope: "messages:read" });
      const source = await this.#calls.grantedId(action, from, bounds);
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
    return this.#calls.actOn("react", message, options, (ref, bounds) =>
      this.#port.react(ref, emoji, bounds),
    );
  }

  read(chat: contract.PeerLike, options?: Parameters<contract.Telegram["read"]>[1]) {
    return this.#calls.act("read", chat, options, (peer, bounds) => this.#port.read(peer, bounds));
  }

  typing(chat: contract.PeerLike, action?: contract.TypingAction, options?: contract.CallOptions) {
    return this.#calls.act("typing", chat, options, (peer, bounds) =>
      this.#port.typing(peer, action, bounds),
    );
  }

  history(chat: contract.PeerLike, options?: contract.HistoryOptions) {
    return this.#calls.act("history", chat, options, async (peer, bounds) =>
      this.#calls.visiblePage(await this.#port.history(peer, bounds)),
    );
  }

  messages(
    chat: contract.PeerLike,
    messageIds: readonly contract.MessageId[],
    options?: contract.CallOptions,
  ) {
    return this.#calls.act("messages", chat, options, async (peer, bounds) => {
      const messages = await this.#port.messages(peer, messageIds, bounds);
      return messages.map((message) => (message === null ? null : withoutLoginCode(message)));
    });
  }

  dialogs(options?: Parameters<contract.Telegram["dialogs"]>[0]) {
    return this.#calls.lookUp("dialogs", options, async (bounds) => {
      const dialogs = await this.#port.dialogs(bounds);
      return dialogs.filter((dialog) => this.#guard.coversChat(dialog.chat));
    });
  }

  search(query: string, options?: contract.SearchOptions) {
    const { chat, ...rest } = options ?? {};
    if (chat !== undefined) {
      return this.#calls.act("search", chat, rest, async (peer, bounds) =>
        this.#calls.visiblePage(await this.#port.search(query, { ...bounds, chat: peer })),
      );
    }
    return this.#calls.lookUp("search", rest, async (bounds) =>
      this.#calls.visiblePage(await this.#port.search(query, bounds)),
    );
  }

  resolve(peer: contract.PeerLike, options?: contract.CallOptions) {
    return this.#calls.lookUp("resolve", options, (bounds) => this.#port.resolve(peer, bounds));
  }

  me(options?: contract.CallOptions) {
    return this.#calls.lookUp("me", options, (bounds) => this.#port.me(bounds));
  }

  participants(chat: contract.PeerLike, options?: Parameters<contract.Telegram["participants"]>[1]) {
    return this.#calls.act("participants", chat, options, (peer, bounds) =>
      this.#port.participants(peer, bounds),
    );
  }

  invite(chat: contract.PeerLike, users: readonly contract.PeerLike[], options?: contract.CallOptions) {
    return this.#calls.act("invite", chat, options, (peer, bounds) => this.#port.invite(peer, users, bounds));
  }

  createInviteLink(chat: contract.PeerLike, options?: contract.InviteLinkOptions) {
    return this.#calls.act("createInviteLink", chat, options, (peer, bounds) =>
      this.#port.createInviteLink(peer, bounds),
    );
  }

  inviteLinks(chat: contract.PeerLike, options?: Parameters<contract.Telegram["inviteLinks"]>[1]) {
    return this.#calls.act("inviteLinks", chat, options, (peer, bounds) =>
      this.#port.inviteLinks(peer, bounds),
    );
  }

  revokeInviteLink(chat: contract.PeerLike, url: string, options?: contract.CallOptions) {
    return this.#calls.act("revokeInviteLink", chat, options, (peer, bounds) =>
      this.#port.revokeInviteLink(peer, url, bounds),
    );
  }

  joinRequests(chat: contract.PeerLike, options?: Parameters<contract.Telegram["joinRequests"]>[1]) {
    return this.#calls.act("joinRequests", chat, options, (peer, bounds) =>
      this.#port.joinRequests(peer, bounds),
    );
  }

  answerJoinRequest(
    chat: contract.PeerLike,
    user: contract.PeerLike,
    approve: boolean,
    options?: contract.CallOptions,
  ) {
    return this.#calls.act("answerJoinRequest", chat, options, (peer, bounds) =>
      this.#port.answerJoinRequest(peer, user, approve, bounds),
    );
  }

  contacts(options?: contract.CallOptions) {
    return this.#calls.lookUp("contacts", options, (bounds) => this.#port.contacts(bounds));
  }

  download(message: contract.MessageRef, path: string, options?: contract.TransferOptions) {
    return this.#calls.actOn("download", message, options, async (ref, bounds) => {
      if (ref.chatId === serviceUserId) {
        throw this.#guard.denial("call telegram.download", "may not reach login codes", "name another chat");
      }
      const target = await this.#calls.grantedPath("call telegram.download", "write", path);
      return this.#port.download(ref, target, bounds);
    });
  }

  upload(
    chat: contract.PeerLike,
    file: contract.FileContent,
    options?: contract.SendOptions & contract.TransferOptions,
  ) {
    return this.#calls.act("upload", chat, options, async (peer, bounds) => {
      const source = await this.#calls.grantedPath("call telegram.upload", "read", file.path);
      return this.#port.upload(peer, { ...file, path: source }, bounds);
    });
  }

  invoke(
    method: string,
    parameters: Readonly<Record<string, contract.JsonValue>>,
    options?: contract.CallOptions,
  ) {
    // A copy: what is checked is what is sent.
    const given: typeof parameters = JSON.parse(JSON.stringify(parameters));
    const action = `call telegram.invoke(${JSON.stringify(method)})`;
    const name = /^[\w.]{1,80}$/.test(method) ? `telegram.invoke ${method}` : undefined;
    return this.#calls.traced(
      "invoke",
      options,
      async (bounds, call) => {
        const chats = chatsInParameters(given);
        call.target = chats[0] ?? null;
        this.#guard.demand(action, { permission: "telegram", scope: `raw:${method}` });
        await this.#calls.requireRawChats(action, chats, bounds);
        return answerWithoutLoginCodes(await this.#port.invoke(method, given, bounds));
      },
      name,
    );
  }
}
