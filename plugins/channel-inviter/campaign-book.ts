import type { ChatId, PluginContext, StoreView, UserId } from "telegraphist";
import { z } from "zod";
import { afterRestart, type PersonState, personStateSchema } from "./campaign.ts";
import { freshPace, type Pace, paceSchema } from "./pace.ts";
import type { PersonRef } from "./peer-ref.ts";

/** What is known of the people of one campaign and of the account's pace; every change is on disk before it counts. */
export class CampaignBook {
  readonly #people: StoreView<PersonState>;
  readonly #users: StoreView<string>;
  readonly #links: StoreView<string>;
  readonly #paces: StoreView<Pace>;
  readonly #chatId: ChatId;
  readonly #states = new Map<string, PersonState>();
  #pace: Pace = freshPace;

  private constructor(context: Pick<PluginContext<unknown>, "storeView">, chatId: ChatId) {
    this.#chatId = chatId;
    this.#people = context.storeView(`person/${chatId}/`, personStateSchema);
    this.#users = context.storeView(`user/${chatId}/`, z.string());
    this.#links = context.storeView("link/", z.string());
    this.#paces = context.storeView("pace/", paceSchema);
  }

  /** Reads what earlier runs left. */
  static async open(
    context: Pick<PluginContext<unknown>, "storeView">,
    chatId: ChatId,
    people: readonly PersonRef[],
  ): Promise<CampaignBook> {
    const book = new CampaignBook(context, chatId);
    book.#pace = (await book.#paces.get("account")) ?? freshPace;
    for (const person of people) {
      const state = await book.#people.get(person);
      if (state === undefined) continue;
      const resumed = afterRestart(state);
      if (resumed === state) book.#states.set(person, state);
      else await book.setState(person, resumed);
    }
    return book;
  }

  get pace(): Pace {
    return this.#pace;
  }

  async setPace(pace: Pace): Promise<void> {
    await this.#paces.set("account", pace);
    this.#pace = pace;
  }

  stateOf(person: PersonRef): PersonState | undefined {
    return this.#states.get(person);
  }

  async setState(person: PersonRef, state: PersonState): Promise<void> {
    await this.#people.set(person, state);
    this.#states.set(person, state);
  }

  /** Binds a user to the first name under which the list has them; tells whether this is it. */
  async isFirstNameOf(userId: UserId, person: PersonRef): Promise<boolean> {
    const known = await this.#users.get(userId);
    if (known !== undefined) return known === person;
    await this.#users.set(userId, person);
    return true;
  }

  async link(): Promise<string | undefined> {
    return this.#links.get(this.#chatId);
  }

  async setLink(url: string): Promise<void> {
    await this.#links.set(this.#chatId, url);
  }
}
