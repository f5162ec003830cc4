import { randomBytes } from "node:crypto";
import { type PushPort, RpcError } from "../methods/rpc.ts";
import type { WirePort } from "../methods/wire-port.ts";
import { Authorizations } from "./authorizations.ts";
import type { Chat } from "./chat.ts";
import { DifferenceFaults } from "./difference-faults.ts";
import { Faults } from "./faults.ts";
import { FileStore } from "./file-store.ts";
import type { InviteLink } from "./invite-link.ts";
import { LoginCodes } from "./login-codes.ts";
import { LoginTokens } from "./login-tokens.ts";
import type { MessageBox } from "./message-box.ts";
import { channelId, isUserId, type PeerId } from "./peer-id.ts";
import type { Person } from "./person.ts";
import { PushFaults } from "./push-faults.ts";
import { UpdateCounts } from "./update-counts.ts";

export interface WorldOptions {
  readonly now: () => number;
  /** Push plain texts of private chats and basic groups in their short forms. */
  readonly usesShortUpdates: boolean;
  readonly dataCentreIds: readonly number[];
}

/** All that the local Telegram knows. The operations beside it change it; the methods and the control call them. */
export class WorldState {
  readonly options: WorldOptions;
  readonly people = new Map<PeerId, Person>();
  readonly chats = new Map<PeerId, Chat>();
  /** Names of people and chats, in lower case. */
  readonly usernames = new Map<string, Person | Chat>();
  readonly phones = new Map<string, Person>();
  readonly links = new Map<string, InviteLink>();
  readonly files = new FileStore();
  readonly authorizations = new Authorizations();
  readonly loginCodes = new LoginCodes();
  readonly loginTokens = new LoginTokens();
  readonly faults: Faults;
  readonly pushFaults = new PushFaults();
  readonly differenceFaults = new DifferenceFaults();
  readonly updateCounts = new UpdateCounts();
  /** Where updates go; null until a server is there. */
  push: PushPort | null = null;
  /** What breaks connections; null until a server is there. */
  wire: WirePort | null = null;
  /** How far the server's clock is from the world's. */
  clockSkewMs = 0;
  readonly #accessHashSeed = randomBytes(8).readBigUInt64LE();
  #lastUserId = 1_000_000;
  #lastChatId = 2_000_000;

  constructor(options: WorldOptions) {
    this.options = options;
    this.faults = new Faults(options.now);
  }

  nowS(): number {
    return Math.floor(this.options.now() / 1000);
  }

  nextUserId(): PeerId {
    this.#lastUserId += 1;
    return this.#lastUserId;
  }

  nextChatId(isChannel: boolean): PeerId {
    this.#lastChatId += 1;
    return isChannel ? channelId(this.#lastChatId) : -this.#lastChatId;
  }

  /** @throws {RpcError} `USER_ID_INVALID` */
  person(id: PeerId): Person {
    const person = this.people.get(id);
    if (person === undefined) throw new RpcError(400, "USER_ID_INVALID");
    return person;
  }

  /** @throws {RpcError} `CHAT_ID_INVALID` */
  chat(id: PeerId): Chat {
    const chat = this.chats.get(id);
    if (chat === undefined) throw new RpcError(400, "CHAT_ID_INVALID");
    return chat;
  }

  /** @throws {RpcError} `PEER_ID_INVALID` */
  peer(id: PeerId): Person | Chat {
    const peer = isUserId(id) ? this.people.get(id) : this.chats.get(id);
    if (peer === undefined) throw new RpcError(400, "PEER_ID_INVALID");
    return peer;
  }

  /** The box in which someone sees a chat's messages. */
  boxFor(viewer: Person, chatId: PeerId): MessageBox {
    return this.chats.get(chatId)?.box ?? viewer.box;
  }

  /** What someone must name a peer by, beside its id; each viewer has others. */
  accessHash(viewerId: PeerId, peerId: PeerId): bigint {
    return BigInt.asIntN(64, Bun.hash.wyhash(`${viewerId}/${peerId}`, this.#accessHashSeed));
  }

  /** Gives a person or chat a name, or takes it away. @throws {RpcError} `USERNAME_INVALID`, `USERNAME_OCCUPIED` */
  rename(peer: Person | Chat, username: string | null): void {
    if (username !== null) {
      if (!/^[a-z]\w{3,31}$/i.test(username)) throw new RpcError(400, "USERNAME_INVALID");
      const holder = this.usernames.get(username.toLowerCase());
      if (holder !== undefined && holder !== peer) throw new RpcError(400, "USERNAME_OCCUPIED");
    }
    if (peer.username !== null) this.usernames.delete(peer.username.toLowerCase());
    peer.username = username;
    if (username !== null) this.usernames.set(username.toLowerCase(), peer);
  }
}

/** The digits of a phone number. @throws {RpcError} `PHONE_NUMBER_INVALID` */
export function phoneDigits(phone: string): string {
  const digits = phone.replace(/[\s()+-]/g, "");
  if (!/^\d{5,15}$/.test(digits)) throw new RpcError(400, "PHONE_NUMBER_INVALID");
  return digits;
}
