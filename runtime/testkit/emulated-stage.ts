import { type ChatId, parseChatId, parseUserId } from "../contract/index.ts";
import type { ChatView, UserView, World } from "../emulator/index.ts";
import { Actor, type Hear } from "./actor.ts";
import type { ChatOptions, Person, Stage, TestChat } from "./face.ts";

/** A stage with what it is made in, for this program's own tests. */
export interface EmulatedStage extends Stage {
  readonly world: World;
  /** Someone who is in the world already. */
  personOf(view: UserView): Person;
}

/** Makes people and chats in an emulator. Its functions need no object before them. */
export function createStage(world: World, ownerView: UserView, hear: Hear): EmulatedStage {
  const { id: ownerId } = ownerView;
  const personOf = (view: UserView): Person => new Actor({ world, view, ownerId, hear });
  const owner = personOf(ownerView);

  const detailsOf = (title: string, { creator = owner, members = [owner], username }: ChatOptions) => {
    const memberIds = members.map(({ id }) => id).filter((id) => id !== creator.id);
    return { title, creatorId: creator.id, memberIds, username };
  };

  return {
    world,
    owner,
    personOf,
    person(name, { isContact = false, ...details } = {}) {
      const view = world.createUser({ ...namesIn(name), ...details });
      if (isContact) {
        world.addContact(ownerId, view.id);
        world.addContact(view.id, ownerId);
      }
      return personOf(view);
    },
    group: (title, options = {}) => chatOf(world, world.createGroup(detailsOf(title, options))),
    supergroup: (title, options = {}) => chatOf(world, world.createSupergroup(detailsOf(title, options))),
    channel: (title, options = {}) => chatOf(world, world.createChannel(detailsOf(title, options))),
  };
}

function namesIn(name: string): { readonly firstName: string; readonly lastName?: string } {
  const [firstName = "", ...rest] = name.trim().split(/\s+/);
  if (firstName === "") throw new Error("A person must have a name");
  return rest.length === 0 ? { firstName } : { firstName, lastName: rest.join(" ") };
}

function chatOf(world: World, { id, kind, title, username }: ChatView): TestChat {
  const chatId: ChatId = parseChatId(id);
  const members = () => world.members(id).map(({ userId }) => parseUserId(userId));
  return { id: chatId, kind, title, username, members };
}
