import type { ChatView, Emulator, UserView } from "../../emulator/index.ts";

/** Who and what the story is about; all of it exists in the emulator alone. */
export interface Cast {
  readonly owner: UserView;
  readonly ownerPhone: string;
  readonly ownerPassword: string;
  /** In Olivia's contacts. */
  readonly ada: UserView;
  readonly linus: UserView;
  /** Strangers. */
  readonly grace: UserView;
  /** Lets nobody add her to channels. */
  readonly margaret: UserView;
  /** Where the campaign invites to. */
  readonly channel: ChatView;
  /** Whose media is archived. */
  readonly club: ChatView;
}

/** Puts people and chats into an emulator. */
export function createCast({ world }: Emulator): Cast {
  const ownerPhone = "+9996621001";
  const ownerPassword = "a night train to Vienna";
  const owner = world.createUser({ firstName: "Olivia", phone: ownerPhone, password: ownerPassword });
  const ada = world.createUser({ firstName: "Ada", lastName: "Lovelace", username: "ada_l" });
  const grace = world.createUser({ firstName: "Grace", lastName: "Hopper", username: "grace_h" });
  const linus = world.createUser({ firstName: "Linus", lastName: "Torvalds", username: "linus_t" });
  const margaret = world.createUser({
    firstName: "Margaret",
    lastName: "Hamilton",
    username: "margaret_h",
    invites: "nobody",
  });
  for (const friend of [ada, linus]) {
    world.addContact(owner.id, friend.id);
    world.addContact(friend.id, owner.id);
  }
  const channel = world.createChannel({
    title: "Night Trains",
    creatorId: owner.id,
    username: "night_trains",
  });
  const club = world.createSupergroup({
    title: "Photo Club",
    creatorId: ada.id,
    username: "photo_club",
    memberIds: [owner.id, linus.id],
  });
  return { owner, ownerPhone, ownerPassword, ada, grace, linus, margaret, channel, club };
}
