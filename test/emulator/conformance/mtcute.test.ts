import { describe, expect, test } from "bun:test";
import {
  IntermediatePacketCodec,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  type TelegramClient,
} from "@mtcute/bun";
import { type Emulator, startEmulator } from "../../../runtime/emulator/index.ts";
import { type Framing, mtcuteClient, mtcuteLayer } from "./mtcute.ts";

const phone = "+15550000001";
const password = "correct horse";

const framings: readonly (readonly [string, Framing])[] = [
  ["intermediate", () => new IntermediatePacketCodec()],
  ["padded", () => new PaddedIntermediatePacketCodec()],
  ["obfuscated intermediate", () => new ObfuscatedPacketCodec(new IntermediatePacketCodec())],
  ["obfuscated padded", () => new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec())],
];

/** An emulator that knows mtcute's layer, with two people, the first at home in another data centre than mtcute begins in. */
async function startWorld() {
  const emulator = await startEmulator({ layers: [mtcuteLayer] });
  const ada = emulator.world.createUser({ firstName: "Ada", phone, password, homeDataCentreId: 2 });
  const bob = emulator.world.createUser({ firstName: "Bob", username: "bobby" });
  return { emulator, ada, bob, [Symbol.asyncDispose]: () => emulator.stop() };
}

async function logIn(client: TelegramClient, emulator: Emulator) {
  return client.start({
    phone,
    password,
    code: () => emulator.world.loginCode(phone) ?? "",
    codeSentCallback: () => undefined,
  });
}

describe("the emulator, as mtcute judges it", () => {
  for (const [name, framing] of framings) {
    test(`logs in, writes, hears, uploads, and downloads over ${name}`, async () => {
      await using it = await startWorld();
      const { emulator, ada, bob } = it;
      const client = await mtcuteClient(emulator, { framing });
      const failures: unknown[] = [];
      try {
        expect(await logIn(client, emulator)).toMatchObject({ id: Number(ada.id), firstName: "Ada" });
        // Not sooner: as GramJS does, mtcute loses the first byte of an auth key when it is zero, and makes another.
        client.onError.add((error) => failures.push(error));
        expect(emulator.connections().map(({ transport }) => transport)).toContain(name);

        await client.sendText("bobby", "hello");
        expect(emulator.world.messages(bob.id, ada.id)).toMatchObject([{ text: "hello" }]);

        const heard = Promise.withResolvers<string>();
        client.onNewMessage.add((message) => heard.resolve(message.text));
        emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, text: "and to you" });
        expect(await heard.promise).toBe("and to you");

        const bytes = crypto.getRandomValues(new Uint8Array(65_536)).slice();
        const file = new Uint8Array(Buffer.concat(Array.from({ length: 20 }, () => bytes)));
        const sent = await client.sendMedia("bobby", { type: "document", file, fileName: "noise.bin" });
        if (sent.media?.type !== "document") return expect.unreachable();
        expect(Buffer.compare(await client.downloadAsBuffer(sent.media), file)).toBe(0);
        expect(failures).toEqual([]);
      } finally {
        await client.destroy();
      }
    }, 30_000);
  }

  test("fetches what was never pushed, and gets what was pushed twice or turned around in its order", async () => {
    await using it = await startWorld();
    const { emulator, ada, bob } = it;
    const client = await mtcuteClient(emulator, { framing: () => new IntermediatePacketCodec() });
    try {
      await logIn(client, emulator);
      const heard: string[] = [];
      const last = Promise.withResolvers<void>();
      client.onNewMessage.add(({ text }) => {
        heard.push(text);
        if (text === "last") last.resolve();
      });
      const write = (text: string) => emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, text });
      // Once it has had an update, it follows their numbers.
      await client.sendText("bobby", "hello");
      write("first");
      emulator.world.faults.pushes({ userId: ada.id, effect: "drop", times: 2 });
      write("dropped");
      write("dropped, too");
      emulator.world.faults.pushes({ userId: ada.id, effect: "repeat" });
      write("twice");
      emulator.world.faults.pushes({ userId: ada.id, effect: "reverse", times: 2 });
      write("turned");
      write("around");
      write("last");
      await last.promise;
      expect(heard).toEqual(["first", "dropped", "dropped, too", "twice", "turned", "around", "last"]);
      expect(emulator.stats().rpcCalls["updates.getDifference"]).toBeGreaterThanOrEqual(1);
    } finally {
      await client.destroy();
    }
  }, 30_000);

  test("binds a temporary key to the permanent one, and speaks for it", async () => {
    await using it = await startWorld();
    const { emulator, ada, bob } = it;
    const framing = () => new IntermediatePacketCodec();
    const client = await mtcuteClient(emulator, { framing, usesTemporaryKeys: true });
    try {
      await logIn(client, emulator);
      await client.sendText("bobby", "hello");
      const heard = Promise.withResolvers<string>();
      client.onNewMessage.add((message) => heard.resolve(message.text));
      emulator.world.sendMessage({ fromId: bob.id, chatId: ada.id, text: "over a temporary key" });
      expect(await heard.promise).toBe("over a temporary key");
      expect(emulator.stats().rpcCalls["auth.bindTempAuthKey"]).toBeGreaterThanOrEqual(1);
      expect(emulator.world.sessions(ada.id)).toHaveLength(1);
    } finally {
      await client.destroy();
    }
  }, 30_000);
});
