import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { hasCategory, parseChatId, type TelegraphistEvent } from "../../runtime/contract/index.ts";
import { createClock } from "../../runtime/scope/index.ts";
import { accountOf, reached } from "./account-states.ts";
import { createInstallation } from "./installation.ts";
import { healthOf } from "./pages.ts";

const hourMs = 3_600_000;

// The program reconnects, and waits out a flood.
setDefaultTimeout(30_000);

describe.each([
  ["forward", hourMs],
  ["back", -hourMs],
])("a clock that is set %s by an hour", (_, jumpMs) => {
  test("holds up no wait of the program, and loses nothing", async () => {
    let setByMs = 0;
    await using it = await listeningApp(() => Date.now() + setByMs);
    it.write(0, 1);
    await it.heard(1);
    it.world.faults.floodWait({ method: "messages.sendMessage", seconds: 1 });
    const waiting = it.next("flood.waiting");
    const send = () => it.telegram.send(parseChatId(it.ada.id), "After the flood");
    // A call whose time is over by the jump says so, and may be made again.
    const answer = send().catch((error) =>
      hasCategory(error, "FLOOD_WAIT") ? send() : Promise.reject(error),
    );
    await waiting;
    it.world.faults.pushes({ effect: "drop", times: 2 });
    it.write(1, 5);
    setByMs = jumpMs;
    expect(await answer).toMatchObject({ text: "After the flood" });
    await it.heard(5);

    it.world.faults.dropConnections();
    await it.next("account.disconnected");
    setByMs = 0;
    it.write(5, 10);
    expect(await it.heard(10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await reached(it.app, "online");
    expect(await healthOf(it.app)).toMatchObject({ status: "ok", accounts: [{ waits: [] }] });
  });
});

/** The program by a machine's clock that can be set, and a person who writes numbers to its owner. */
async function listeningApp(wall: () => number) {
  await using made = new AsyncDisposableStack();
  const installation = made.use(await createInstallation({ admin: { port: 0, tokenFile: "token" } }));
  await installation.logIn();
  const { emulator, owner } = installation;
  const { world } = emulator;
  const ada = world.createUser({ firstName: "Ada" });
  const { app } = made.use(await installation.open({ clock: createClock({ wall }) }));
  const events: TelegraphistEvent[] = [];
  const looks = new Set<() => void>();
  const listen = (event: TelegraphistEvent) => {
    events.push(event);
    for (const look of looks) look();
  };
  for (const name of ["message.received", "flood.waiting", "account.disconnected"] as const) {
    app.bus.subscribe(name, undefined, listen, { owner: "test" });
  }
  await app.start();
  await reached(app, "online");
  const until = <T>(find: () => T | undefined): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<T>();
    const look = () => {
      const found = find();
      if (found !== undefined) resolve(found);
    };
    looks.add(look);
    look();
    return promise.finally(() => looks.delete(look));
  };
  const numbers = () =>
    events.flatMap((event) => (event.type === "message.received" ? [Number(event.text)] : []));
  const owned = made.move();
  return {
    ...{ app, world, ada },
    telegram: accountOf(app).telegram,
    write(from: number, to: number) {
      for (let number = from; number < to; number += 1) {
        world.sendMessage({ fromId: ada.id, chatId: owner.id, text: String(number) });
      }
    },
    heard: (count: number) => until(() => (numbers().length >= count ? numbers() : undefined)),
    next: (name: TelegraphistEvent["type"]) => until(() => events.find(({ type }) => type === name)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
