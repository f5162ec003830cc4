import { expect, setDefaultTimeout, test } from "bun:test";
import { startCli } from "../cli/cli-process.ts";
import { createInstallation } from "./installation.ts";
import { pluginText } from "./plugin-text.ts";

/** Writes twice when it is due, and takes the program along in between the first time. */
const mortal = pluginText(
  "mortal",
  `setup({ schedule, resolvePath }) {
    schedule.after("once", 0, async ({ dueAtMs }, { telegram }) => {
      const marker = Bun.file(resolvePath("died"));
      await telegram.send("me", "Begun " + dueAtMs);
      if (!(await marker.exists())) {
        await Bun.write(marker, "");
        process.kill(process.pid, "SIGKILL");
        await new Promise(() => {});
      }
      await telegram.send("me", "Done " + dueAtMs);
    }, { keep: true });
  },`,
  `{ telegram: ["messages:send"], chats: ["*"] }`,
);

// It starts the program three times.
setDefaultTimeout(60_000);

test("a kept turn that the program was killed in is repeated with its time, and sends nothing twice", async () => {
  const allow = { telegram: ["messages:send"], chats: ["*"] };
  await using installation = await createInstallation({
    plugins: { mortal: { use: "./mortal.ts", allow, isolation: "inline", trusted: true } },
  });
  await installation.write("mortal.ts", mortal);
  await installation.logIn();
  const { emulator, owner, folder } = installation;
  const texts = () => emulator.world.messages(owner.id, owner.id).map(({ text }) => text);
  {
    await using killed = startCli(["run"], { folder });
    expect(await killed.exited).not.toBe(0);
  }
  const [begun = ""] = texts();
  await using run = startCli(["run"], { folder });
  await run.seen(/ready:/);
  while (texts().length < 2) await Bun.sleep(10);
  expect(texts().toSorted()).toEqual([begun, begun.replace("Begun", "Done")]);
});
