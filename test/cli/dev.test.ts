import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { readLine } from "../../runtime/cli/dev/said-line.ts";
import { createInstallation } from "../e2e/installation.ts";
import { temporaryFolder } from "../storage/fixture.ts";
import { pluginText } from "../testkit/plugin-file.ts";
import { startCli } from "./cli-process.ts";

const saying = (text: string, more?: string) =>
  pluginText(
    "echo",
    `on("message.received", async (message, { telegram }) => {
      await telegram.send(message.chat.id, "${text}: " + message.text);
    });`,
    more,
  );

describe("telegraphist dev", () => {
  test("plays people to the plugin, and starts it anew from its changed files", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "index.ts");
    await Bun.write(file, saying("You said"));
    await using dev = startCli(["dev", folder.path], { types: true });
    await dev.seen(/reload, help, quit/);
    dev.type("ada: Hi");
    await dev.seen(/Olivia +to Ada Lovelace: You said: Hi/);
    dev.type("bob in club: Hello");
    await dev.seen(/Olivia +to Club: You said: Hello/);
    await Bun.write(file, "export default {");
    await dev.seen(/error: Cannot load plugin/);
    dev.type("ada: Anybody?");
    await dev.seen(/The plugin does not run: nobody would hear that/);
    await Bun.write(file, saying("I heard", 'env: ["HOME"]'));
    await dev.seen(/echo +started[\s\S]*echo +started/);
    dev.type("ada: Hi again");
    await dev.seen(/Olivia +to Ada Lovelace: I heard: Hi again/);
    dev.type("zed: Hi");
    await dev.seen(/There is nobody called "zed"/);
    dev.type("me: Hi");
    dev.type("quit");
    expect(await dev.exited).toBe(0);
  }, 60_000);

  test("ends with its input, once the plugin is done", async () => {
    await using folder = await temporaryFolder();
    await Bun.write(join(folder.path, "index.ts"), saying("You said"));
    await using dev = startCli(["dev", "."], { folder: folder.path });
    expect(await dev.exited).toBe(0);
    expect(dev.output()).toContain("started, version 1.0.0");
  }, 30_000);

  test("says where settings cannot be read, and goes on once they can be", async () => {
    await using folder = await temporaryFolder();
    await Bun.write(join(folder.path, "index.ts"), saying("You said"));
    await Bun.write(join(folder.path, "settings.yaml"), "greeting: [\n");
    const options = { folder: folder.path, types: true };
    await using dev = startCli(["dev", ".", "--settings", "settings.yaml"], options);
    await dev.seen(/Cannot read the plugin's settings: .*settings\.yaml:\d+:\d+/);
    await Bun.write(join(folder.path, "settings.yaml"), "greeting: Hi\n");
    dev.type("reload");
    await dev.seen(/echo +started/);
    dev.type("quit");
    expect(await dev.exited).toBe(0);
  }, 30_000);

  test("runs an entry of a configuration on its accounts, and nothing else of it", async () => {
    const plugins = {
      echo: { use: "./echo.ts", allow: { telegram: ["messages:read", "messages:send"], chats: ["*"] } },
      other: { use: "./other.ts" },
    };
    await using installation = await createInstallation({ plugins });
    await installation.write("echo.ts", saying("You said"));
    await installation.write("other.ts", pluginText("other", ""));
    await installation.logIn();
    const { emulator, folder, owner } = installation;
    const ada = emulator.world.createUser({ firstName: "Ada" });
    await using dev = startCli(["dev", "echo.ts", "--config", "telegraphist.yaml"], { folder, types: true });
    await dev.seen(/reload, help, quit/);
    expect(dev.output()).not.toContain("other");
    emulator.world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "Hi" });
    await dev.seen(/Olivia +to Ada: You said: Hi/);
    await installation.write("echo.ts", saying("I heard"));
    await dev.seen(/echo +started[\s\S]*echo +started/);
    emulator.world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "Again" });
    await dev.seen(/Olivia +to Ada: I heard: Again/);
    dev.type("ada: Hi");
    await dev.seen(/The people of an account write for themselves/);
    dev.kill("SIGINT");
    expect(await dev.exited).toBe(0);
  }, 60_000);

  test("refuses a path that is not there, or not in the configuration", async () => {
    await using installation = await createInstallation();
    const { folder } = installation;
    await installation.write("echo.ts", saying("You said"));
    for (const [args, reason] of [
      [["./gone"], /Cannot find a plugin at .*gone/],
      [["./echo.ts", "--config", "telegraphist.yaml"], /telegraphist plugin add puts it there/],
    ] as const) {
      await using dev = startCli(["dev", ...args], { folder });
      expect(await dev.exited).toBe(1);
      expect(dev.errors()).toMatch(reason);
    }
  }, 30_000);
});

describe("readLine()", () => {
  test.each([
    ["ada: Hi: there", { kind: "say", who: "ada", where: null, text: "Hi: there" }],
    ["  Ada in Club : Hi ", { kind: "say", who: "ada", where: "club", text: "Hi" }],
    ["me to ada: Hi", { kind: "say", who: "me", where: "ada", text: "Hi" }],
    ["", { kind: "nothing" }],
    ["RELOAD", { kind: "reload" }],
    ["exit", { kind: "quit" }],
    ["?", { kind: "help" }],
    ["ada Hi", { kind: "unclear" }],
    ["ada:", { kind: "unclear" }],
  ])("reads %j", (text, line) => {
    expect(readLine(text)).toEqual(line as ReturnType<typeof readLine>);
  });
});
