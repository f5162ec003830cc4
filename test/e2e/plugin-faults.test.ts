import { describe, expect, test } from "bun:test";
import type { PluginFailed } from "../../runtime/contract/index.ts";
import { reached } from "./account-states.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { ask, healthOf, pluginReport } from "./pages.ts";
import { pluginText } from "./plugin-text.ts";

const well = pluginText("well", "setup() {},");

/** Two plugins, one of which fails, and an owner who is logged in. */
async function installationWith(bad: unknown): Promise<Installation> {
  const installation = await createInstallation({
    admin: { port: 0 },
    plugins: { bad, well: { use: "./well.ts" } },
  });
  await installation.write("well.ts", well);
  await installation.logIn();
  return installation;
}

describe("a plugin that cannot start", () => {
  test.each([
    [
      "throws in setup",
      pluginText("bad", `setup() { throw new Error("no luck today"); },`),
      "PLUGIN_SETUP_FAILED",
      "no luck today",
    ],
    ["exports nothing", "export const plugin = 1;\n", "HOST_NOT_A_PLUGIN", "definePlugin"],
    ["is no program", "export default (;\n", "HOST_PLUGIN_LOAD_FAILED", "Cannot load plugin from"],
  ])("fails alone when it %s", async (_, text, code, sentence) => {
    await using installation = await installationWith({ use: "./bad.ts" });
    await installation.write("bad.ts", text);
    await using opened = await installation.open();
    const { app } = opened;
    const told: PluginFailed[] = [];
    app.bus.subscribe("plugin.failed", undefined, (event) => void told.push(event), { owner: "test" });
    await app.start();
    await reached(app, "online");
    await app.bus.drain();
    expect(told).toMatchObject([{ plugin: "bad", phase: "setup", error: { code } }]);
    expect(await healthOf(app)).toMatchObject({
      code: 200,
      status: "degraded",
      accounts: [{ name: "me", state: "online" }],
      plugins: [
        { name: "bad", state: "failed" },
        { name: "well", state: "running" },
      ],
    });
    const report = await pluginReport(app, "bad");
    expect(report?.error?.code).toBe(code);
    expect(report?.error?.message).toContain(sentence);
  });

  test("fails alone when there is no such module", async () => {
    await using installation = await installationWith({ use: "./not-there.ts" });
    await using opened = await installation.open();
    await opened.app.start();
    await reached(opened.app, "online");
    expect((await healthOf(opened.app)).status).toBe("degraded");
    expect((await pluginReport(opened.app, "bad"))?.error).toMatchObject({ code: "HOST_PLUGIN_NOT_FOUND" });
    expect((await pluginReport(opened.app, "well"))?.state).toBe("running");
  });

  test("runs after it was mended and started again through the API", async () => {
    await using installation = await installationWith({ use: "./bad.ts" });
    await installation.write(
      "bad.ts",
      pluginText(
        "bad",
        `async setup({ store }) { if (!(await store.get("mended"))) { await store.set("mended", true); throw new Error("not yet"); } },`,
      ),
    );
    await using opened = await installation.open();
    const { app } = opened;
    await app.start();
    await reached(app, "online");
    expect((await healthOf(app)).status).toBe("degraded");
    expect((await ask(app, "/api/plugins/bad/restart", "POST")).status).toBe(200);
    expect((await pluginReport(app, "bad"))?.state).toBe("running");
    expect((await healthOf(app)).status).toBe("ok");
  });
});

describe("a plugin without a grant", () => {
  test("is told what to add, and where", async () => {
    await using installation = await createInstallation({
      admin: { port: 0 },
      plugins: { greedy: { use: "./greedy.ts", allow: { telegram: ["messages:read"], chats: ["*"] } } },
    });
    await installation.write(
      "greedy.ts",
      pluginText(
        "greedy",
        `async setup({ telegram }) { await telegram.send("me", "hello"); },`,
        `{ telegram: ["messages:read", "messages:send"], chats: ["*"] }`,
      ),
    );
    await installation.logIn();
    await using opened = await installation.open();
    await opened.app.start();
    await reached(opened.app, "online");
    const report = await pluginReport(opened.app, "greedy");
    expect(report?.error?.code).toBe("PERMISSION_DENIED");
    expect(report?.error?.message).toContain("messages:send");
    expect(report?.error?.message).toContain("plugins.greedy.allow.telegram");
    expect(report?.counters.denied).toBe(1);
    const { emulator, owner } = installation;
    expect(emulator.world.messages(owner.id, owner.id)).toEqual([]);
  });
});
