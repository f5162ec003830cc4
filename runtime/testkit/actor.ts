import { type ChatId, type EventMap, type EventName, parseUserId, type UserId } from "../contract/index.ts";
import type { MessageView, UserView, World } from "../emulator/index.ts";
import type { MessageLike, Person, Place, TestChat, TestFile, TestMessage, WriteOptions } from "./face.ts";

/** Waits for the event that the account gets of an act. @param what names the act where it does not come */
export type Hear = <Name extends EventName>(
  name: Name,
  predicate: (event: EventMap[Name]) => boolean,
  what: string,
) => Promise<EventMap[Name]>;

export interface ActorOptions {
  readonly world: World;
  readonly view: UserView;
  /** Whom the account belongs to. */
  readonly ownerId: string;
  readonly hear: Hear;
}

/** Someone of the emulator's people, with acts that end when the account has heard of them. */
export class Actor implements Person {
  readonly id: UserId;
  readonly name: string;
  readonly username: string | null;
  readonly #world: World;
  readonly #ownerId: string;
  readonly #hear: Hear;

  constructor({ world, view, ownerId, hear }: ActorOptions) {
    this.id = parseUserId(view.id);
    this.name = view.lastName === null ? view.firstName : `${view.firstName} ${view.lastName}`;
    this.username = view.username;
    this.#world = world;
    this.#ownerId = ownerId;
    this.#hear = hear;
  }

  writes(text: string, options?: WriteOptions) {
    return this.#send({ text }, options);
  }

  sends(media: TestFile, { caption = "", ...options }: WriteOptions & { readonly caption?: string } = {}) {
    return this.#send({ text: caption, media }, options);
  }

  async edits(message: MessageLike, text: string) {
    this.#world.editMessage({ ...this.#own(message), text });
    return this.#hear("message.edited", isOf(message), `${this.name}'s edit`);
  }

  async deletes(message: MessageLike) {
    const { userId, chatId, messageId } = this.#own(message);
    this.#world.deleteMessages({ userId, chatId, messageIds: [messageId] });
    const names = (event: EventMap["message.deleted"]) => event.messageIds.includes(message.messageId);
    await this.#hear("message.deleted", names, `${this.name}'s deletion`);
  }

  async reacts(message: MessageLike, emoji: string | null) {
    this.#world.react({ ...this.#own(message), emoji });
    return this.#hear("reaction.changed", isOf(message), `${this.name}'s reaction`);
  }

  async joins(chat: TestChat) {
    this.#world.join(this.id, chat.id);
    return this.#hear("member.joined", this.#isIn(chat.id), `${this.name}'s joining of "${chat.title}"`);
  }

  async leaves(chat: TestChat) {
    this.#world.leave(this.id, chat.id);
    return this.#hear("member.left", this.#isIn(chat.id), `${this.name}'s leaving of "${chat.title}"`);
  }

  async types({ to }: { readonly to?: Place } = {}) {
    const chatId = this.#chatIdOf(to);
    this.#world.typing(this.id, chatId);
    return this.#hear("user.typing", this.#isIn(this.#asOwnerSees(chatId)), `${this.name}'s typing`);
  }

  async #send(
    content: { readonly text: string; readonly media?: TestFile },
    { to, replyTo }: WriteOptions = {},
  ): Promise<TestMessage> {
    const chatId = this.#chatIdOf(to);
    this.#requireOwnerIn(chatId);
    const replyToId = replyTo === undefined ? undefined : this.#own(replyTo).messageId;
    this.#world.sendMessage({ fromId: this.id, chatId, ...content, replyToId });
    const ownerChatId = this.#asOwnerSees(chatId);
    // What was sent just now is the last in every copy of the chat.
    const messageId = this.#world.messages(this.#ownerId, ownerChatId).at(-1)?.id;
    const isIt = (event: TestMessage) => event.chat.id === ownerChatId && event.messageId === messageId;
    const name = this.id === this.#ownerId ? "message.sent" : "message.received";
    return this.#hear(name, isIt, `${this.name}'s message`);
  }

  #chatIdOf(to: Place | undefined): string {
    const chatId = to?.id ?? this.#ownerId;
    if (chatId !== this.id || to !== undefined) return chatId;
    throw new Error(`${this.name} must say to whom: the default is the account's owner, who ${this.name} is`);
  }

  /** A private chat is named by the other person. */
  #asOwnerSees(chatId: string): string {
    return chatId === this.#ownerId ? this.id : chatId;
  }

  #requireOwnerIn(chatId: string): void {
    const chat = this.#world.chats().find(({ id }) => id === chatId);
    const isIn =
      chat === undefined
        ? [chatId, this.id].some((id) => id === this.#ownerId)
        : this.#world.members(chatId).some(({ userId }) => userId === this.#ownerId);
    if (isIn) return;
    throw new Error(`${this.name} must write where the account is: it would never hear of this`);
  }

  #isIn(chatId: string) {
    return (event: {
      readonly chat: { readonly id: ChatId };
      readonly user: { readonly id: UserId } | null;
    }) => event.chat.id === chatId && event.user?.id === this.id;
  }

  /** Telegram numbers the messages of private chats and basic groups for each of those who are in them. */
  #own({ chat, messageId }: MessageLike) {
    const userId: string = this.id;
    const chatId = chat.id === userId ? this.#ownerId : chat.id;
    const owners = this.#world.messages(this.#ownerId, chat.id);
    const known = owners.find(({ id }) => id === messageId);
    if (known === undefined)
      throw new Error(`${this.name} cannot find message ${messageId}: it is not there`);
    const isAlike = ({ fromId, text, dateMs }: MessageView) =>
      fromId === known.fromId && text === known.text && dateMs === known.dateMs;
    const copy = this.#world.messages(userId, chatId).filter(isAlike)[owners.filter(isAlike).indexOf(known)];
    if (copy === undefined)
      throw new Error(`${this.name} cannot find message ${messageId}: they do not have it`);
    return { userId, chatId, messageId: copy.id };
  }
}

function isOf(message: MessageLike) {
  return (event: MessageLike) => event.chat.id === message.chat.id && event.messageId === message.messageId;
}
