/** The Telegram of a bench, which makes messages when it is told to. */
import { startEmulator, type UserView } from "../../runtime/emulator/index.ts";
import type { Target } from "./client-face.ts";
import { preciseNowMs, writePayload } from "./counting/payload.ts";
import { serve } from "./ipc.ts";
import { seededRandom } from "./random.ts";

export interface EmulatorFace {
  start(input: null): Promise<Target>;
  /** Makes someone with that many chats, half of them people, half supergroups, and that many channels. */
  createOwner(input: {
    readonly phone: string;
    readonly chats: number;
    readonly channels?: number;
  }): Promise<void>;
  /** Sends to the owner, over chats chosen by the seed; resolves when all is handed to the socket. */
  send(input: Sending): Promise<void>;
  /** Sends to each owner in turn, from the first of its chats; resolves when all is handed to the sockets. */
  sendToEach(input: {
    readonly phones: readonly string[];
    readonly messagesEach: number;
    readonly perSecond: number;
  }): Promise<void>;
  /**
   * Ends the session of one owner, has the next message of one wait for an hour, and lets the connection of one fall
   * silent without an end.
   */
  trouble(input: {
    readonly loggedOut: string;
    readonly flooded: string;
    readonly dead: string;
  }): Promise<void>;
  /** As a server that dies, until `resume`. */
  halt(input: null): Promise<void>;
  resume(input: null): Promise<void>;
  /** Of people who are logged in, now and since the start. */
  connections(input: null): Promise<{ readonly open: number; readonly opened: number }>;
}

export interface Sending {
  readonly phone: string;
  readonly count: number;
  readonly seed: number;
  /** @default as fast as it can */
  readonly perSecond?: number;
}

interface Owner {
  readonly id: string;
  /** Where each chat's messages come from and go to. */
  readonly routes: readonly { readonly fromId: string; readonly chatId: string }[];
}

const emulator = await startEmulator();
const { world } = emulator;
const owners = new Map<string, Owner>();

serve<EmulatorFace>({
  start: async () => ({ server: emulator.server, controlUrl: emulator.controlUrl }),
  async createOwner({ phone, chats, channels = 0 }) {
    const owner = world.createUser({ firstName: "Olivia", phone });
    const toChats = Array.from({ length: chats }, (_, index) => routeTo(owner, index));
    const toChannels = Array.from({ length: channels }, (_, index) => channelTo(owner, index));
    owners.set(phone, { id: owner.id, routes: [...toChats, ...toChannels] });
  },
  async send({ phone, count, seed, perSecond }) {
    const { routes } = ownerOf(phone);
    const random = seededRandom(seed);
    await paced(count, perSecond, (index) => post(index, routes[Math.floor(random() * routes.length)]));
  },
  sendToEach: ({ phones, messagesEach, perSecond }) =>
    paced(phones.length * messagesEach, perSecond, (index) =>
      post(index, ownerOf(phones[index % phones.length] ?? "").routes[0]),
    ),
  async trouble({ loggedOut, flooded, dead }) {
    for (const { authKeyId } of world.sessions(ownerOf(loggedOut).id)) world.revokeSession(authKeyId);
    const { id: userId } = ownerOf(flooded);
    world.faults.floodWait({ userId, method: "messages.sendMessage", seconds: 3_600 });
    world.faults.silenceConnections(ownerOf(dead).id);
  },
  halt: async () => emulator.halt(),
  resume: async () => emulator.resume(),
  connections: async () => ({
    open: emulator.connections().filter(({ takesUpdates }) => takesUpdates).length,
    opened: emulator.stats().connectionsOpened,
  }),
});

function ownerOf(phone: string): Owner {
  const owner = owners.get(phone);
  if (owner === undefined) throw new Error(`Cannot find ${phone}: nobody has the number`);
  return owner;
}

async function paced(count: number, perSecond: number | undefined, run: (index: number) => void) {
  const startedAtMs = preciseNowMs();
  for (let index = 0; index < count; index++) {
    if (perSecond !== undefined) {
      await Bun.sleep(Math.max(0, startedAtMs + (index * 1_000) / perSecond - preciseNowMs()));
    }
    run(index);
  }
}

function post(index: number, route: Owner["routes"][number] | undefined): void {
  if (route === undefined) throw new Error("Cannot send: there is no chat");
  world.sendMessage({ ...route, text: writePayload({ index, sentAtMs: preciseNowMs() }) });
}

function routeTo(owner: UserView, index: number): Owner["routes"][number] {
  const { id: fromId } = world.createUser({ firstName: `Sender ${index}` });
  if (index % 2 === 0) return { fromId, chatId: owner.id };
  const group = world.createSupergroup({
    title: `Group ${index}`,
    creatorId: fromId,
    memberIds: [owner.id],
  });
  return { fromId, chatId: group.id };
}

function channelTo(owner: UserView, index: number): Owner["routes"][number] {
  const { id: fromId } = world.createUser({ firstName: `Author ${index}` });
  const channel = world.createChannel({
    title: `Channel ${index}`,
    creatorId: fromId,
    memberIds: [owner.id],
  });
  return { fromId, chatId: channel.id };
}
