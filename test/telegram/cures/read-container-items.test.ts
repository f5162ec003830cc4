import { expect, test } from "bun:test";
import { Api } from "telegram";
import { numbered, startMtprotoRig } from "../support/mtproto-rig.ts";

const unknownConstructor = Uint8Array.of(0xde, 0xc0, 0xad, 0x0b);

test("readContainerItems() (G20) keeps what shares a container with a message that cannot be read", async () => {
  await using rig = startMtprotoRig();
  const unreadable: string[] = [];
  const second = Promise.withResolvers<Api.TypeUpdates>();
  const connection = await rig.connect({
    onUpdates: second.resolve,
    onUnreadable: (constructorId) => unreadable.push(constructorId),
  });
  await connection.ping(AbortSignal.timeout(5000));
  const [key] = rig.server.connections().flatMap(({ authKeyId }) => authKeyId ?? []);
  // Pushed in one turn, they leave in one container.
  rig.server.push.push(key ?? "", unknownConstructor);
  rig.push(numbered(7));
  expect(await second.promise).toBeInstanceOf(Api.UpdateShort);
  expect(unreadable).toEqual(["0badc0de"]);
});

test("GramJS by itself loses the whole container", async () => {
  const script = `
    globalThis.alert = () => undefined;
    require("telegram");
    const { BinaryReader } = require("telegram/extensions");
    const long = "0100000000000000";
    const item = (body) => long + "01000000" + "04000000" + body;
    const container = "dcf8f173" + "02000000" + item("dec0ad0b") + item("cc05d3e3");
    Promise.resolve(new BinaryReader(Buffer.from(container, "hex")).tgReadObject())
      .then(() => console.log("read"), () => console.log("lost"));
  `;
  const { stdout } = Bun.spawnSync([process.execPath, "-e", script], { cwd: import.meta.dir });
  expect(stdout.toString()).toContain("lost");
});
