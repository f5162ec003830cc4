import type { Logger } from "../../../telemetry/index.ts";
import {
  type ChatId,
  type Clock,
  hasCode,
  type PeerLike,
  peerKeyOf,
  privateChatIdOf,
  type ResolvedPeer,
  TelegraphistError,
} from "../../contract/index.ts";
import type { EntityRecord } from "../../storage/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { chatIdOfPeer } from "../mapping/peer-id.ts";
import type { CallTime } from "../operations/call-time.ts";
import type { RpcPort } from "../rpc-port.ts";
import { chatOfRecord, userOfRecord } from "./entity-record.ts";
import { LookupCache } from "./lookup-cache.ts";
import { type PeerName, parsePeerLike } from "./peer-like.ts";
import { type PeerStorage, PeerStore } from "./peer-store.ts";

export interface PeerResolverOptions {
  readonly rpc: RpcPort;
  readonly storage: PeerStorage;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A username that was seen longer ago is asked for again: names change hands. */
const usernameTrustMs = 24 * 3_600_000;

/** Turns the names that plugins have for people and chats into what Telegram's methods take. */
export class PeerResolver {
  /** Everyone whom the account has met. */
  readonly store: PeerStore;
  readonly #rpc: RpcPort;
  readonly #clock: Clock;
  /** `null` stands for a name that nobody has: asking for names is what Telegram limits most. */
  readonly #lookups: LookupCache<ChatId | null>;

  constructor({ rpc, storage, clock, logger }: PeerResolverOptions) {
    const now = () => clock.now();
    this.#rpc = rpc;
    this.#clock = clock;
    this.store = new PeerStore({ account: rpc.account.name, storage, logger, now });
    this.#lookups = new LookupCache({ now });
  }

  /**
   * What is known of a peer, asked of Telegram when it is a username not met before.
   *
   * @throws {TelegraphistError} `PEER_NOT_FOUND` when there is no such name, or the account has not met the id
   */
  async find(peer: PeerLike, call: CallTime): Promise<EntityRecord> {
    const name = parsePeerLike(peer);
    const record = await this.#record(name, call);
    if (record === null) throw notFound(name);
    return record;
  }

  /** @throws {TelegraphistError} as `find` */
  async resolve(peer: PeerLike, call: CallTime): Promise<ResolvedPeer> {
    const record = await this.find(peer, call);
    return { chat: chatOfRecord(record), user: userOfRecord(record) };
  }

  /** @throws {TelegraphistError} as `find` */
  async chatId(peer: PeerLike, call: CallTime): Promise<ChatId> {
    const name = parsePeerLike(peer);
    return name.by === "id" ? name.chatId : (await this.find(peer, call)).chatId;
  }

  /** @throws {TelegraphistError} as `find` */
  async inputPeer(peer: PeerLike, call: CallTime): Promise<Api.TypeInputPeer> {
    const name = parsePeerLike(peer);
    if (name.by === "self") return new Api.InputPeerSelf();
    if (name.by === "id") {
      const { kind, bareId } = peerKeyOf(name.chatId);
      if (kind === "group") return new Api.InputPeerChat({ chatId: longOf(bareId) });
      const { userId } = this.#rpc.account;
      if (userId !== null && name.chatId === privateChatIdOf(userId)) return new Api.InputPeerSelf();
    }
    return inputPeerOf(await this.#reachable(name, call));
  }

  /** @throws {TelegraphistError} as `find`; `PEER_WRONG_KIND` when it is a group or channel */
  async inputUser(peer: PeerLike, call: CallTime): Promise<Api.TypeInputUser> {
    const input = await this.inputPeer(peer, call);
    if (input instanceof Api.InputPeerSelf) return new Api.InputUserSelf();
    if (input instanceof Api.InputPeerUser) {
      return new Api.InputUser({ userId: input.userId, accessHash: input.accessHash });
    }
    throw wrongKind(peer, "a person");
  }

  /**
   * The input channel of a supergroup or channel; `null` for any other chat, which need not have been met for that: its
   * messages are numbered with the account's own, so calls about them name no peer.
   *
   * @throws {TelegraphistError} as `find`
   */
  async inputChannel(peer: PeerLike, call: CallTime): Promise<Api.InputChannel | null> {
    const chatId = await this.chatId(peer, call);
    return peerKeyOf(chatId).kind === "channel" ? inputChannelOf(await this.inputPeer(peer, call)) : null;
  }

  /** Forgets lookups whose key fits a pattern, such as `username:*`; returns how many there were. */
  invalidate(pattern: string): number {
    return this.#lookups.invalidate(pattern);
  }

  /** Forgets all that memory holds: the session was made anew, moved, or repaired, or is another person's. */
  renew(): void {
    this.invalidate("*");
    this.store.forgetRecent();
  }

  async #record(name: PeerName, call: CallTime): Promise<EntityRecord | null> {
    switch (name.by) {
      case "self":
        return this.#self(call);
      case "username":
        return this.#byUsername(name.username, call);
      case "id": {
        const known = await this.store.find(name.chatId);
        if (known !== null || peerKeyOf(name.chatId).kind !== "group") return known;
        return this.#group(name.chatId, call);
      }
      default:
        return name satisfies never;
    }
  }

  /** A record that requests can be made with; one that was only seen in passing is looked up by its username. */
  async #reachable(name: PeerName, call: CallTime): Promise<EntityRecord> {
    const record = await this.#record(name, call);
    if (record === null) throw notFound(name);
    if (record.accessHash !== null || record.kind === "group") return record;
    const looked = record.username === null ? null : await this.#lookUp(record.username, call);
    if (looked === null || looked.accessHash === null) throw notFound(name);
    return looked;
  }

  async #self(call: CallTime): Promise<EntityRecord | null> {
    const { userId } = this.#rpc.account;
    const known = userId === null ? null : await this.store.find(privateChatIdOf(userId));
    if (known !== null) return known;
    const users = await this.#rpc.invoke(
      new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }),
      call.rpc(),
    );
    await this.store.remember({ users, chats: [] });
    const self = users[0];
    return self === undefined ? null : this.store.find(chatIdOfPeer(new Api.PeerUser({ userId: self.id })));
  }

  /** Basic groups need no access hash, so one that was not met can be asked for. */
  async #group(chatId: ChatId, call: CallTime): Promise<EntityRecord | null> {
    const { bareId } = peerKeyOf(chatId);
    const { chats } = await this.#rpc.invoke(
      new Api.messages.GetChats({ id: [longOf(bareId)] }),
      call.rpc(chatId),
    );
    await this.store.remember({ users: [], chats });
    return this.store.find(chatId);
  }

  async #byUsername(username: string, call: CallTime): Promise<EntityRecord | null> {
    const cached = this.#lookups.get(`username:${username}`);
    if (cached !== undefined) return cached === null ? null : this.store.find(cached);
    const known = await this.store.findUsername(username);
    if (known !== null && this.#clock.now() - known.seenAtMs < usernameTrustMs) return known;
    return this.#lookUp(username, call);
  }

  async #lookUp(username: string, call: CallTime): Promise<EntityRecord | null> {
    const chatId = await this.#ask(username, call);
    this.#lookups.set(`username:${username}`, chatId);
    return chatId === null ? null : this.store.find(chatId);
  }

  async #ask(username: string, call: CallTime): Promise<ChatId | null> {
    try {
      const found = await this.#rpc.invoke(new Api.contacts.ResolveUsername({ username }), call.rpc());
      await this.store.remember(found);
      return chatIdOfPeer(found.peer);
    } catch (error) {
      if (hasCode(error, "USERNAME_NOT_OCCUPIED", "USERNAME_INVALID")) return null;
      throw error;
    }
  }
}

/** The input peer of a record that has what it needs. */
export function inputPeerOf(record: EntityRecord): Api.TypeInputPeer {
  const { bareId } = peerKeyOf(record.chatId);
  const accessHash = longOf(record.accessHash ?? "0");
  switch (record.kind) {
    case "user":
      return new Api.InputPeerUser({ userId: longOf(bareId), accessHash });
    case "group":
      return new Api.InputPeerChat({ chatId: longOf(bareId) });
    case "channel":
      return new Api.InputPeerChannel({ channelId: longOf(bareId), accessHash });
    default:
      return record.kind satisfies never;
  }
}

/** The input channel of an input peer; `null` when it is no supergroup or channel. */
export function inputChannelOf(peer: Api.TypeInputPeer): Api.InputChannel | null {
  if (!(peer instanceof Api.InputPeerChannel)) return null;
  return new Api.InputChannel({ channelId: peer.channelId, accessHash: peer.accessHash });
}

/** @param wanted what the call needs, such as `a person` */
export function wrongKind(peer: PeerLike, wanted: string): TelegraphistError {
  return new TelegraphistError({
    code: "PEER_WRONG_KIND",
    category: "INVALID",
    message: `Cannot use ${JSON.stringify(peer)} here as it must be ${wanted}: it is something else`,
  });
}

function notFound(name: PeerName): TelegraphistError {
  const message =
    name.by === "username"
      ? `Cannot find "@${name.username}" as nobody has that name: check its spelling`
      : name.by === "id"
        ? `Cannot find peer "${name.chatId}" as the account has not met it: name it by "@username", or call telegram.dialogs() or telegram.contacts() when it is among those`
        : "Cannot find the account's own person: Telegram did not name it";
  return new TelegraphistError({ code: "PEER_NOT_FOUND", category: "NOT_FOUND", message });
}
