import { type ChatId, parseChatId } from "../../contract/index.ts";
import type { UserView, World } from "../../emulator/index.ts";

/** Whom and what a plugin finds in its rehearsal, by the names that are typed. */
export interface Cast {
  readonly people: Readonly<Record<string, UserView>>;
  readonly chats: Readonly<Record<string, { readonly id: ChatId }>>;
}

/** A contact, a stranger, a group of all, and a channel of the owner's. */
export function createCast(world: World, owner: { readonly id: string }): Cast {
  const ada = world.createUser({ firstName: "Ada", lastName: "Lovelace", username: "ada_l" });
  const bob = world.createUser({ firstName: "Bob", username: "bob_b" });
  world.addContact(owner.id, ada.id);
  world.addContact(ada.id, owner.id);
  const club = world.createSupergroup({
    title: "Club",
    username: "the_club",
    creatorId: ada.id,
    memberIds: [owner.id, bob.id],
  });
  const news = world.createChannel({ title: "News", username: "the_news", creatorId: owner.id });
  return {
    people: { ada, bob },
    chats: { club: { id: parseChatId(club.id) }, news: { id: parseChatId(news.id) } },
  };
}
