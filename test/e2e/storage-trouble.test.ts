import { Database } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CliProcess, startCli } from "../cli/cli-process.ts";
import { mayMount } from "../support/mounts.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { pluginText } from "./plugin-text.ts";

const listener = pluginText(
  "listener",
  `setup({ on, log }) {
    on("message.received", async (event) => log.info("heard " + event.text.trim() + ";"));
  },`,
  `{ telegram: ["messages:read"], chats: ["*"] }`,
);
const listening = {
  plugins: { listener: { use: "./listener.ts", allow: { telegram: ["messages:read"], chats: ["*"] } } },
  admin: { port: 0, tokenFile: "token" },
};

// A lock is waited for, and every further try waits longer.
setDefaultTimeout(60_000);

const canMount = await mayMount();
const reason = canMount ? "" : " (skipped: this machine lets nobody mount a small disk)";

describe("the program", () => {
  test.skipIf(!canMount)(
    `tells of a full disk, and when there is space again gives each event once and in order${reason}`,
    async () => {
      await using installation = await createInstallation();
      await using disk = await smallDisk(installation.folder);
      await using program = await listeningProgram(installation);
      program.write(0, 5);
      await program.heard(5);
      await program.healthUntil(null);
      await disk.fill();
      program.write(5, 25);
      await program.healthUntil("STORAGE_FULL");
      program.write(25, 30);
      await disk.free();
      expect(await program.heard(30)).toEqual(program.written());
      await program.healthUntil(null);
      expect(program.timesPutOff()).toBeLessThan(20);
    },
  );

  test("tells of another's lock, and when that is gone gives each event once and in order", async () => {
    await using installation = await createInstallation();
    await using program = await listeningProgram(installation);
    program.write(0, 5);
    await program.heard(5);
    await program.healthUntil(null);
    {
      using other = new Database(installation.databasePath);
      // The program writes now and then.
      other.run("pragma busy_timeout = 20000");
      other.run("begin exclusive");
      program.write(5, 25);
      await program.healthUntil("STORAGE_LOCKED");
      program.write(25, 30);
    }
    expect(await program.heard(30)).toEqual(program.written());
    await program.healthUntil(null);
    expect(program.timesPutOff()).toBeLessThan(20);
  });
});

/** The program with a plugin that says what it hears, and a person who writes numbers. */
async function listeningProgram(installation: Installation) {
  await installation.configure(listening);
  await installation.write("listener.ts", listener);
  await installation.logIn();
  const { world } = installation.emulator;
  const { owner } = installation;
  const ada = world.createUser({ firstName: "Ada" });
  const run = startCli(["run"], { folder: installation.folder });
  await run.seen(/127\.0\.0\.1:\d+\/health/);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(run.output() + run.errors())?.[0];
  if (url === undefined) throw new Error("The program did not say where its pages are");
  let count = 0;
  return {
    /** What was written so far. */
    written: () => Array.from({ length: count }, (_, index) => index),
    write(from: number, to: number) {
      // Long enough that a few do not fit where a little space is left.
      const filling = " ".repeat(3_000);
      for (count = from; count < to; count += 1) {
        world.sendMessage({ fromId: ada.id, chatId: owner.id, text: `${filling}${count}` });
      }
    },
    /** What the plugin was given, once it was given so much. */
    async heard(length: number) {
      while (numbersIn(run).length < length) await run.seen(new RegExp(`heard ${length - 1};`));
      return numbersIn(run);
    },
    /** Resolves once the database is reported with that problem. */
    async healthUntil(problem: string | null) {
      for (let tries = 0; tries < 300; tries += 1) {
        const response = await fetch(`${url}/health`);
        const health: unknown = await response.json();
        try {
          expect(health).toMatchObject({
            status: problem === null ? "ok" : "down",
            accounts: [{ state: "online" }],
            database: { ok: problem === null, problem },
          });
          return;
        } catch {
          await Bun.sleep(100);
        }
      }
      throw new Error(`/health did not come to ${problem}: ${run.errors().slice(-2_000)}`);
    },
    /** How often the log says that events wait. */
    timesPutOff: () => (run.output() + run.errors()).split("could not be kept and wait").length - 1,
    [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
  };
}

function numbersIn(run: CliProcess): readonly number[] {
  const said = (run.output() + run.errors()).matchAll(/heard (\d+);/g);
  return Array.from(said, ([, number]) => Number(number));
}

const diskBytes = 4_000_000;

/** Puts a file system of its own in the place of a folder. */
async function smallDisk(folder: string) {
  await Bun.$`mount -t tmpfs -o size=${diskBytes} tmpfs ${folder}`.quiet();
  const ballastPath = join(folder, "ballast");
  return {
    /** Leaves not a byte. */
    async fill() {
      await using ballast = await open(ballastPath, "w");
      const block = new Uint8Array(4_096);
      for (let written = 0; written < diskBytes; written += block.length) {
        try {
          await ballast.write(block);
        } catch (error) {
          expect(error).toMatchObject({ code: "ENOSPC" });
          return;
        }
      }
    },
    free: () => rm(ballastPath),
    [Symbol.asyncDispose]: async () => void (await Bun.$`umount --lazy ${folder}`.quiet()),
  };
}
