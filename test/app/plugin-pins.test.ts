import { expect, test } from "bun:test";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import { readAudit } from "../../runtime/app/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { pluginText } from "../e2e/plugin-text.ts";

const quiet = { logger: createLogger({ write: () => undefined }), now: Date.now };

test("a plugin that asks for more than when it was pinned does not start, and that is on record", async () => {
  const allow = { telegram: ["messages:send", "messages:read"], chats: ["*"] };
  await using installation = await createInstallation({ plugins: { sly: { use: "./sly.ts", allow } } });
  const { folder } = installation;
  await installation.logIn();
  const startWith = async (scopes: readonly string[]) => {
    const permissions = JSON.stringify({ telegram: scopes });
    await installation.write("sly.ts", pluginText("sly", "setup() {},", permissions));
    const { app } = await installation.open();
    await app.start();
    const [status] = app.host.list();
    await app.stop();
    return status;
  };
  const lock = () => Bun.file(join(folder, "telegraphist.lock")).text();

  expect(await startWith(["messages:send"])).toMatchObject({ state: "running" });
  const pinned = await lock();
  expect(await startWith(["messages:send", "messages:read"])).toMatchObject({
    state: "failed",
    error: {
      code: "HOST_REQUESTS_WIDENED",
      message: expect.stringContaining("telegram messages:read"),
    },
  });
  expect(await lock()).toBe(pinned);

  const read = await loadConfig({ path: installation.configPath, env: {} });
  if (!read.ok) throw new Error("refused");
  const place = { config: read.config, baseFolder: folder, env: {} };
  const [newest, ...older] = await readAudit(place, { limit: 10 }, quiet);
  expect(newest).toMatchObject({ call: "plugin.failed", verdict: "denied", code: "HOST_REQUESTS_WIDENED" });
  expect(older.map(({ call }) => call)).toEqual(["plugin.stopped", "plugin.running", "plugin.pinned"]);

  await installation.write("telegraphist.lock", "walnut");
  expect(await startWith(["messages:send"])).toMatchObject({ error: { code: "HOST_LOCK_DAMAGED" } });
}, 30_000);
