import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { accountOf, reached } from "../e2e/account-states.ts";
import { createInstallation } from "../e2e/installation.ts";
import { ask } from "../e2e/pages.ts";
import { pluginText } from "../e2e/plugin-text.ts";

const permissions = `{ telegram: ["messages:read"], chats: ["*"] }`;
const plugins = {
  listener: { use: "./listener.ts", allow: { telegram: ["messages:read"], chats: ["*"] } },
};
const listener = pluginText(
  "listener",
  `setup({ on, log }) { on("message.sent", ({ text }) => log.info("Heard", { heard: text.length })); },`,
  permissions,
);

test.each([true, false])("events reach the plugins with the journal %p", async (enabled) => {
  await using installation = await createInstallation({ plugins, journal: { enabled } });
  await installation.write("listener.ts", listener);
  await installation.logIn();
  const heard = Promise.withResolvers<void>();
  const writeLog = (line: string) => void (line.includes('"heard":5') && heard.resolve());
  await using opened = await installation.open({ writeLog });
  await opened.app.start();
  await accountOf(opened.app).telegram.send("me", "Hello");
  await heard.promise;
});

test.each([true, false])(
  "a change of an account's state is told and not kept with the journal %p",
  async (enabled) => {
    await using installation = await createInstallation({ plugins, journal: { enabled } });
    const watcher = pluginText(
      "listener",
      `setup({ on, log }) { on("account.stateChanged", ({ from, to }) => log.info("Changed", { from, to })); },`,
      permissions,
    );
    await installation.write("listener.ts", watcher);
    await installation.logIn();
    const back = Promise.withResolvers<void>();
    const changes: string[] = [];
    const writeLog = (line: string) => {
      const { message, from, to } = JSON.parse(line);
      if (message !== "Changed") return;
      changes.push(`${from} > ${to}`);
      if (to === "online" && changes.includes("online > offline")) back.resolve();
    };
    await using opened = await installation.open({ writeLog });
    await opened.app.start();
    await reached(opened.app, "online");
    installation.emulator.world.faults.dropConnections();
    await back.promise;
    expect(changes.slice(-4)).toEqual([
      ...["online > offline", "offline > connecting", "connecting > catching-up", "catching-up > online"],
    ]);
    using connection = new Database(installation.databasePath);
    // The rows are sealed; their keys name the event.
    const rows = connection.query("SELECT key FROM journal_events WHERE key LIKE '%stateChanged%'").all();
    expect(rows).toEqual([]);
  },
);

test("a dead letter cannot be replayed without the journal, and the API says why", async () => {
  await using installation = await createInstallation({ journal: { enabled: false }, admin: { port: 0 } });
  await installation.logIn();
  await using opened = await installation.open();
  await opened.app.start();
  const response = await ask(opened.app, "/api/dead-letters/1/replay", "POST");
  expect(await response.json()).toMatchObject({ error: { code: "JOURNAL_DISABLED" } });
});

test("an app without the journal can be stopped before the plugins have subscribed", async () => {
  await using installation = await createInstallation({ journal: { enabled: false } });
  await installation.logIn();
  await using opened = await installation.open();
  const starting = opened.app.start({ signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  await opened.app.stop();
  await starting;
});
