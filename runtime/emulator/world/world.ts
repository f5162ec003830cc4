import { RpcError } from "../methods/rpc.ts";
import { acceptToken } from "./accept-token.ts";
import type { BoxMessage } from "./box-message.ts";
import type { Chat, ChatKind } from "./chat.ts";
import { answerJoinRequest, askToJoin, createLink, joinByLink, usableLink } from "./joining.ts";
import { tokenOfLink } from "./login-tokens.ts";
import { createChat, enter, exit } from "./membership.ts";
import { mediaOfFile } from "./outgoing-file.ts";
import { type PeerId, serviceUserId } from "./peer-id.ts";
import { type InvitePrivacy, Person } from "./person.ts";
import {
  type ChatView,
  type InviteLinkView,
  inviteLinkView,
  type MemberView,
  type MessageView,
  memberViews,
  plainChatView,
  plainMessageView,
  type SessionView,
  sessionViews,
  type UserView,
  userView,
} from "./plain-views.ts";
import { edit, remove, send } from "./posting.ts";
import { readBoxChat, readChannel } from "./reading.ts";
import { react, setPresence, showAction } from "./signals.ts";
import { createVerifier } from "./srp.ts";
import { UpdateBatch } from "./update-batch.ts";
import type { UpdateCount } from "./update-counts.ts";
import { type WorldFaults, worldFaults } from "./world-faults.ts";
import type { MessageAddress, NewChat, NewInviteLink, NewMessage, NewUser } from "./world-inputs.ts";
import { phoneDigits, type WorldState } from "./world-state.ts";

/**
 * The local Telegram from outside: people act in it as if they sat at their own clients, and what happened can be read.
 * Every method throws `RpcError` where Telegram would refuse.
 */
export class World {
  readonly #state: WorldState;
  readonly faults: WorldFaults;

  constructor(state: WorldState) {
    this.#state = state;
    this.faults = worldFaults(state);
    this.#addPerson({ firstName: "Telegram", isBot: false }, 777_000);
  }

  createUser(details: NewUser): UserView {
    return userView(this.#addPerson(details, this.#state.nextUserId()));
  }

  /** Telegram itself, which writes login codes to its users. */
  createServiceUser(): UserView {
    return userView(this.#addPerson({ firstName: "Telegram" }, serviceUserId));
  }

  createGroup(details: Omit<NewChat, "username">): ChatView {
    return plainChatView(this.#addChat("group", details));
  }

  createSupergroup(details: NewChat): ChatView {
    return plainChatView(this.#addChat("supergroup", details));
  }

  createChannel(details: NewChat): ChatView {
    return plainChatView(this.#addChat("channel", details));
  }

  users(): readonly UserView[] {
    return [...this.#state.people.values()].map(userView);
  }

  chats(): readonly ChatView[] {
    return [...this.#state.chats.values()].map(plainChatView);
  }

  /**
   * The account lives in another data centre from now on: keys that signed in where it lived hear `USER_MIGRATE_X`.
   *
   * @throws {RpcError} `DC_ID_INVALID`
   */
  moveUser(userId: string, dataCentreId: number): void {
    if (!this.#state.options.dataCentreIds.includes(dataCentreId)) throw new RpcError(400, "DC_ID_INVALID");
    this.#person(userId).homeDataCentreId = dataCentreId;
  }

  addContact(ownerId: string, userId: string): void {
    this.#person(ownerId).contacts.add(this.#person(userId).id);
  }

  setInvitePrivacy(userId: string, invites: InvitePrivacy): void {
    this.#person(userId).invites = invites;
  }

  /** Returns the author's copy. */
  sendMessage({ fromId, chatId, text, media, replyToId }: NewMessage): MessageView {
    const from = this.#person(fromId);
    const id = this.#chatId(chatId);
    const replyTo = replyToId === undefined ? null : this.#message(fromId, chatId, replyToId).post;
    const file = media === undefined ? null : mediaOfFile(this.#state, media, from.homeDataCentreId);
    const message = this.#change((batch) =>
      send(this.#state, batch, from, id, { text: text ?? "", media: file, replyTo }),
    );
    return plainMessageView(from.id, message);
  }

  editMessage({ userId, chatId, messageId, text }: MessageAddress & { readonly text: string }): void {
    const message = this.#message(userId, chatId, messageId);
    this.#change((batch) => edit(this.#state, batch, this.#person(userId), message, { text, entities: [] }));
  }

  deleteMessages(request: {
    readonly userId: string;
    readonly chatId: string;
    readonly messageIds: readonly string[];
    /** @default true */
    readonly forEveryone?: boolean | undefined;
  }): void {
    const messages = request.messageIds.map((id) => this.#message(request.userId, request.chatId, id));
    this.#change((batch) => remove(this.#state, batch, messages, request.forEveryone ?? true));
  }

  /** `null` takes the reaction back. */
  react({ userId, chatId, messageId, emoji }: MessageAddress & { readonly emoji: string | null }): void {
    const message = this.#message(userId, chatId, messageId);
    this.#change((batch) => react(this.#state, batch, this.#person(userId), message, emoji));
  }

  typing(userId: string, chatId: string): void {
    const action = { _: "sendMessageTypingAction" };
    this.#change((batch) =>
      showAction(this.#state, batch, this.#person(userId), this.#chatId(chatId), action),
    );
  }

  setPresence(userId: string, presence: "online" | "offline"): void {
    this.#change((batch) => setPresence(this.#state, batch, this.#person(userId), presence));
  }

  /** Up to a message, or all. */
  read(userId: string, chatId: string, upToMessageId?: string): void {
    const reader = this.#person(userId);
    const id = this.#chatId(chatId);
    const upToId = Number(upToMessageId ?? 0);
    const chat = this.#state.chats.get(id);
    this.#change((batch) => {
      if (chat?.box != null) readChannel(batch, reader, chat, upToId);
      else readBoxChat(this.#state, batch, reader, id, upToId);
    });
  }

  join(userId: string, chatId: string): void {
    const chat = this.#chat(chatId);
    if (chat.has(this.#person(userId).id)) throw new RpcError(400, "USER_ALREADY_PARTICIPANT");
    this.#change((batch) => enter(this.#state, batch, chat, this.#person(userId), { kind: "joined" }));
  }

  /** @throws {RpcError} `INVITE_REQUEST_SENT` when the link only lets them ask */
  joinByLink(userId: string, url: string): ChatView {
    const link = usableLink(this.#state, url);
    return plainChatView(this.#change((batch) => joinByLink(this.#state, batch, this.#person(userId), link)));
  }

  leave(userId: string, chatId: string): void {
    const person = this.#person(userId);
    this.#change((batch) => exit(this.#state, batch, this.#chat(chatId), person, person));
  }

  kick(adminId: string, chatId: string, userId: string): void {
    const [admin, person] = [this.#person(adminId), this.#person(userId)];
    this.#change((batch) => exit(this.#state, batch, this.#chat(chatId), person, admin));
  }

  requestToJoin(userId: string, chatId: string, about?: string): void {
    const request = { link: null, about: about ?? null };
    this.#change((batch) => askToJoin(this.#state, batch, this.#chat(chatId), this.#person(userId), request));
  }

  answerJoinRequest(adminId: string, chatId: string, userId: string, isApproved: boolean): void {
    const [admin, person] = [this.#person(adminId), this.#person(userId)];
    this.#change((batch) =>
      answerJoinRequest(this.#state, batch, admin, this.#chat(chatId), person, isApproved),
    );
  }

  createInviteLink({
    chatId,
    adminId,
    title,
    needsApproval,
    usageLimit,
    expiresAtMs,
  }: NewInviteLink): InviteLinkView {
    const expireDateS = expiresAtMs === undefined ? undefined : Math.floor(expiresAtMs / 1000);
    const options = { title, needsApproval: needsApproval ?? false, usageLimit, expireDateS };
    return inviteLinkView(createLink(this.#state, this.#chat(chatId), this.#person(adminId), options));
  }

  inviteLinks(chatId: string): readonly InviteLinkView[] {
    return [...this.#chat(chatId).links.values()].map(inviteLinkView);
  }

  joinRequests(chatId: string): readonly string[] {
    return [...this.#chat(chatId).joinRequests.keys()].map(String);
  }

  members(chatId: string): readonly MemberView[] {
    return memberViews(this.#chat(chatId));
  }

  /** What that person's account holds of a chat, oldest first. */
  messages(viewerId: string, chatId: string): readonly MessageView[] {
    const viewer = this.#person(viewerId);
    const id = this.#chatId(chatId);
    return [...this.#state.boxFor(viewer, id).messagesOf(id)].map((message) =>
      plainMessageView(viewer.id, message),
    );
  }

  /** The bytes of a message's file; null when it has none. */
  mediaBytes({ userId, chatId, messageId }: MessageAddress): Uint8Array | null {
    return this.#message(userId, chatId, messageId).post.media?.file.bytes ?? null;
  }

  /** The login code that was sent to a phone; null when none is valid. */
  loginCode(phone: string): string | null {
    return this.#state.loginCodes.codeOf(phoneDigits(phone));
  }

  /** No code is sent to the number any more: `PHONE_NUMBER_BANNED`. */
  banPhone(phone: string): void {
    this.#state.loginCodes.ban(phoneDigits(phone));
  }

  /**
   * As a phone of theirs that scans a QR code, `tg://login?token=…`.
   *
   * @throws {RpcError} `AUTH_TOKEN_INVALIDX`, `AUTH_TOKEN_EXPIRED`, `AUTH_TOKEN_ALREADY_ACCEPTED`
   */
  scanLoginCode(userId: string, url: string): void {
    acceptToken(this.#state, this.#person(userId), tokenOfLink(url));
  }

  sessions(userId?: string): readonly SessionView[] {
    return sessionViews(this.#state, userId === undefined ? undefined : this.#person(userId).id);
  }

  /** As the owner's "terminate session": the key hears `SESSION_REVOKED`. */
  revokeSession(authKeyId: string): void {
    this.#state.authorizations.revoke(authKeyId);
  }

  /** How many updates were made for someone so far, and of which kinds. */
  updatesPushed(userId: string): UpdateCount {
    return this.#state.updateCounts.of(this.#person(userId).id);
  }

  #addPerson(details: NewUser, id: PeerId): Person {
    const state = this.#state;
    const phone = details.phone === undefined ? null : phoneDigits(details.phone);
    if (phone !== null && state.phones.has(phone)) throw new RpcError(400, "PHONE_NUMBER_OCCUPIED");
    const homeDataCentreId = details.homeDataCentreId ?? Math.min(...state.options.dataCentreIds);
    if (!state.options.dataCentreIds.includes(homeDataCentreId)) throw new RpcError(400, "DC_ID_INVALID");
    const person = new Person({
      id,
      firstName: details.firstName,
      lastName: details.lastName ?? null,
      username: null,
      phone,
      isBot: details.isBot ?? false,
      homeDataCentreId,
      password: details.password === undefined ? null : createVerifier(details.password),
      passwordHint: details.passwordHint ?? null,
      invites: details.invites ?? "everyone",
      codesBy: details.codesBy ?? "phone",
    });
    state.rename(person, details.username ?? null);
    state.people.set(id, person);
    if (phone !== null) state.phones.set(phone, person);
    return person;
  }

  #addChat(kind: ChatKind, { title, creatorId, username, memberIds = [] }: NewChat): Chat {
    const creator = this.#person(creatorId);
    const members = memberIds.map((id) => this.#person(id));
    return this.#change((batch) => {
      const firstMembers = kind === "group" ? members : [];
      const chat = createChat(this.#state, batch, creator, { kind, title }, firstMembers);
      if (username !== undefined) this.#state.rename(chat, username);
      for (const person of members) {
        if (!chat.has(person.id)) enter(this.#state, batch, chat, person, { kind: "added", by: creator });
      }
      return chat;
    });
  }

  #change<Result>(run: (batch: UpdateBatch) => Result): Result {
    const batch = new UpdateBatch(this.#state);
    const result = run(batch);
    batch.commit();
    return result;
  }

  #person(id: string): Person {
    return this.#state.person(Number(id));
  }

  #chat(id: string): Chat {
    return this.#state.chat(Number(id));
  }

  #chatId(id: string): PeerId {
    return this.#state.peer(Number(id)).id;
  }

  #message(userId: string, chatId: string, messageId: string): BoxMessage {
    const id = this.#chatId(chatId);
    const message = this.#state.boxFor(this.#person(userId), id).get(Number(messageId));
    if (message?.chatId !== id) throw new RpcError(400, "MESSAGE_ID_INVALID");
    return message;
  }
}
