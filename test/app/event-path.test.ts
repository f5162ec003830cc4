import { expect, test } from "bun:test";
import { accountOf } from "../e2e/account-states.ts";
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
