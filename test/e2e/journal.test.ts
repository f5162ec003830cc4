import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { startCli } from "../cli/cli-process.ts";
import { freePort } from "../support/free-port.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { pluginText } from "./plugin-text.ts";

const permissions = `{ telegram: ["messages:read", "messages:send"], chats: ["*"] }`;
const allow = { telegram: ["messages:read", "messages:send"], chats: ["*"] };
/** What kills itself takes the program along. */
const inProgram = { isolation: "inline", trusted: true };

/** Answers twice, and is killed in between the first time. */
const mortal = pluginText(
  "mortal",
  `setup({ on, telegram, resolvePath }) {
    on("message.received", async (event, { telegram, attempt }) => {
      const marker = Bun.file(resolvePath("died"));
      await telegram.reply({ chatId: event.chat.id, messageId: event.messageId }, "Seen " + event.text);
      if (event.text === "die" && !(await marker.exists())) {
        await Bun.write(marker, "");
        process.kill(process.pid, "SIGKILL");
        await new Promise(() => {});
      }
      await telegram.send(event.chat.id, "Done " + event.text + (event.text === "die" ? " at attempt " + attempt : ""));
    });
  },`,
  permissions,
);

/** Fails until a file is there. */
const failing = pluginText(
  "failing",
  `setup({ on, resolvePath }) {
    on("message.received", async (event, { telegram }) => {
      await telegram.send(event.chat.id, "Seen " + event.text);
      if (!(await Bun.file(resolvePath("mended")).exists())) throw new Error("not yet");
      await telegram.send(event.chat.id, "Done " + event.text);
    });
  },`,
  permissions,
);

/** Is killed at each message that says so. */
const poisoned = pluginText(
  "poisoned",
  `setup({ on }) {
    on("message.received", async (event, { telegram }) => {
      if (event.text === "poison") process.kill(process.pid, "SIGKILL");
      await telegram.send(event.chat.id, "Done " + event.text);
    });
  },`,
  permissions,
);

// Each starts the program several times.
setDefaultTimeout(30_000);

describe("the journal", () => {
  test("gives an event again that the program was killed in, in its turn, and nothing is sent twice", async () => {
    await using installation = await createInstallation({
      plugins: { mortal: { use: "./mortal.ts", allow, ...inProgram } },
    });
    await installation.write("mortal.ts", mortal);
    const { ask, answers } = await correspondence(installation);
    {
      await using killed = startCli(["run"], { folder: installation.folder });
      await killed.seen(/ready:/);
      ask("die");
      ask("live");
      expect(await killed.exited).not.toBe(0);
    }
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready:/);
    expect(await answers(4)).toEqual(["Seen die", "Done die at attempt 2", "Seen live", "Done live"]);
  });

  test("puts an event aside that kills the program each time, and goes on with its chat", async () => {
    await using installation = await createInstallation({
      plugins: { poisoned: { use: "./poisoned.ts", allow, ...inProgram } },
      journal: { maxAttempts: 3 },
    });
    await installation.write("poisoned.ts", poisoned);
    const { ask, answers } = await correspondence(installation);
    for (let starts = 1; starts <= 3; starts += 1) {
      await using killed = startCli(["run"], { folder: installation.folder });
      if (starts === 1) {
        await killed.seen(/ready:/);
        ask("poison");
        ask("after it");
      }
      expect(await killed.exited).not.toBe(0);
    }
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/PLUGIN_KILLED_PROCESS/);
    expect(await answers(1)).toEqual(["Done after it"]);
  });

  test("puts an event aside once that ends its plugin's process each time, and goes on with its chat", async () => {
    const port = await freePort();
    await using installation = await createInstallation({
      plugins: { poisoned: { use: "./poisoned.ts", allow } },
      admin: { port, tokenFile: "token" },
    });
    await installation.write("poisoned.ts", poisoned);
    const { ask, answers } = await correspondence(installation);
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready:/);
    ask("poison");
    ask("after it");
    expect(await answers(1)).toEqual(["Done after it"]);
    await using list = startCli(["dead-letters"], { folder: installation.folder });
    expect(await list.exited).toBe(0);
    expect(list.output().match(/poisoned: message\.received in chat/g)).toHaveLength(1);
  });

  test("puts an event aside that its plugin fails at, and gives it again when a person says so", async () => {
    const port = await freePort();
    await using installation = await createInstallation({
      plugins: { failing: { use: "./failing.ts", allow } },
      journal: { maxAttempts: 1 },
      admin: { port, tokenFile: "token" },
    });
    await installation.write("failing.ts", failing);
    const { ask, answers } = await correspondence(installation);
    const deadLetters = async (...args: readonly string[]) => {
      await using cli = startCli(["dead-letters", ...args], { folder: installation.folder });
      return { exitCode: await cli.exited, text: cli.output() + cli.errors() };
    };
    await using run = startCli(["run"], { folder: installation.folder });
    await run.seen(/ready:/);
    ask("one");
    ask("two");
    await run.seen(/"deadLetterId":"2"/);
    expect(await answers(2)).toEqual(["Seen one", "Seen two"]);
    expect((await deadLetters()).text).toContain("failing: message.received in chat");
    expect(await deadLetters("drop", "2")).toMatchObject({ exitCode: 0 });

    await installation.write("mended", "");
    expect(await deadLetters("replay", "1")).toMatchObject({ exitCode: 0 });
    expect(await answers(3)).toEqual(["Seen one", "Seen two", "Done one"]);
    expect((await deadLetters("list")).text).toContain("There are no dead letters");
    expect(await deadLetters("replay", "1")).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining("DEAD_LETTER_UNKNOWN"),
    });
  });

  test("says what to do when no program runs that holds the dead letters", async () => {
    await using installation = await createInstallation({ admin: { port: 9, tokenFile: "token" } });
    await using cli = startCli(["dead-letters"], { folder: installation.folder });
    expect(await cli.exited).toBe(1);
    expect(cli.errors()).toContain("CLI_NOT_RUNNING");
  });
});

/** A person who writes to the owner, and what she is answered. */
async function correspondence(installation: Installation) {
  await installation.logIn();
  const { world } = installation.emulator;
  const { owner } = installation;
  const ada = world.createUser({ firstName: "Ada" });
  const received = () =>
    world
      .messages(ada.id, owner.id)
      .filter((message) => !message.isOutgoing)
      .map(({ text }) => text);
  return {
    ask: (text: string) => void world.sendMessage({ fromId: ada.id, chatId: owner.id, text }),
    /** What she was answered, once there are so many. */
    async answers(count: number) {
      while (received().length < count) await Bun.sleep(10);
      return received();
    },
  };
}
