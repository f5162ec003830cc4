import { describe, expect, test } from "bun:test";
import type { HealthReport, PluginReport } from "../../runtime/admin/index.ts";
import type { App } from "../../runtime/app/index.ts";
import type { PluginFailed } from "../../runtime/contract/index.ts";
import { createInstallation, type Installation } from "./installation.ts";

/** A plugin of a test; its settings are taken as they are. */
function pluginText(name: string, setup: string, permissions = "{}"): string {
  return `import { definePlugin } from "telegraphist";
export default definePlugin({
  name: ${JSON.stringify(name)}, version: "1.2.3", description: "Of a test", permissions: ${permissions},
  config: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  ${setup}
});
`;
}

const well = pluginText("well", "setup() {},");

async function health({ admin }: App): Promise<HealthReport & { readonly code: number }> {
  const response = await fetch(`${admin?.url}/health`);
  // What the route answers by its schema.
  return { code: response.status, ...((await response.json()) as HealthReport) };
}

async function pluginOf({ admin }: App, name: string): Promise<PluginReport | undefined> {
  const headers = { authorization: `Bearer ${admin?.token}` };
  const response = await fetch(`${admin?.url}/api/plugins`, { headers });
  // What the route answers by its schema.
  const { plugins } = (await response.json()) as { readonly plugins: readonly PluginReport[] };
  return plugins.find((plugin) => plugin.name === name);
}

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
    await app.bus.drain();
    expect(told).toMatchObject([{ plugin: "bad", phase: "setup", error: { code } }]);
    expect(await health(app)).toMatchObject({
      code: 200,
      status: "degraded",
      accounts: [{ name: "me", state: "online" }],
      plugins: [
        { name: "bad", state: "failed" },
        { name: "well", state: "running" },
      ],
    });
    const report = await pluginOf(app, "bad");
    expect(report?.error?.code).toBe(code);
    expect(report?.error?.message).toContain(sentence);
  });

  test("fails alone when there is no such module", async () => {
    await using installation = await installationWith({ use: "./not-there.ts" });
    await using opened = await installation.open();
    await opened.app.start();
    expect((await health(opened.app)).status).toBe("degraded");
    expect((await pluginOf(opened.app, "bad"))?.error).toMatchObject({ code: "HOST_PLUGIN_NOT_FOUND" });
    expect((await pluginOf(opened.app, "well"))?.state).toBe("running");
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
    expect((await health(app)).status).toBe("degraded");
    const headers = { authorization: `Bearer ${app.admin?.token}` };
    const answer = await fetch(`${app.admin?.url}/api/plugins/bad/restart`, { method: "POST", headers });
    expect(answer.status).toBe(200);
    expect((await pluginOf(app, "bad"))?.state).toBe("running");
    expect((await health(app)).status).toBe("ok");
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
    const report = await pluginOf(opened.app, "greedy");
    expect(report?.error?.code).toBe("PERMISSION_DENIED");
    expect(report?.error?.message).toContain("messages:send");
    expect(report?.error?.message).toContain("plugins.greedy.allow.telegram");
    expect(report?.counters.denied).toBe(1);
    const { owner, world } = { ...installation, world: installation.emulator.world };
    expect(world.messages(owner.id, owner.id)).toEqual([]);
  });
});
