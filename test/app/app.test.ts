import { describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { accountOf, reached } from "../e2e/account-states.ts";
import { createInstallation } from "../e2e/installation.ts";
import { ask, healthOf, pluginReport } from "../e2e/pages.ts";
import { pluginText } from "../e2e/plugin-text.ts";

describe("App.login()", () => {
  test("names the accounts that there are when it is asked for another", async () => {
    await using installation = await createInstallation({ accounts: { me: {}, work: {} } });
    await using opened = await installation.open();
    const prompts = { phone: async () => "", code: async () => "", password: async () => "" };
    await expect(opened.app.login("home", prompts)).rejects.toThrow(
      `Cannot log in "home" as "accounts" has no such name: it has "me", "work"`,
    );
  });
});

describe("App.start()", () => {
  test("hands out no event before every plugin had its chance to subscribe", async () => {
    await using installation = await createInstallation({
      plugins: {
        late: { use: "./late.ts", allow: { telegram: ["messages:read", "messages:send"], chats: ["*"] } },
      },
    });
    // It writes to itself and only listens once that has come back as an event.
    await installation.write(
      "late.ts",
      pluginText(
        "late",
        `async setup({ on, telegram, log }) {
          await telegram.send("me", "Early");
          await telegram.history("me");
          on("message.sent", ({ text }) => log.info("Heard", { heard: text.length }));
        },`,
        `{ telegram: ["messages:read", "messages:send"], chats: ["*"] }`,
      ),
    );
    await installation.logIn();
    const lines: string[] = [];
    await using opened = await installation.open({ writeLog: (line) => void lines.push(line) });
    const { promise: told, resolve } = Promise.withResolvers<void>();
    opened.app.bus.subscribe("message.sent", undefined, () => resolve(), { owner: "test" });
    await opened.app.start();
    await told;
    await opened.app.bus.drain();
    expect(lines.filter((line) => line.includes(`"heard":5`))).toHaveLength(1);
  });

  test("ends when its signal is aborted while Telegram does not answer", async () => {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    await using silent = createServer((socket) => void socket.once("data", () => resolve()));
    const { promise: listening, resolve: listen } = Promise.withResolvers<void>();
    silent.listen(0, "127.0.0.1", listen);
    await listening;
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await using installation = await createInstallation();
    await installation.logIn();
    const { publicKeys } = installation.emulator.server;
    await installation.configure({
      server: { dataCentres: [{ id: 1, host: "127.0.0.1", port }], publicKeys },
    });
    await using opened = await installation.open();
    const controller = new AbortController();
    const starting = opened.app.start({ signal: controller.signal });
    await reached;
    controller.abort();
    await expect(starting).rejects.toThrow();
    await opened.app.stop();
    expect(accountOf(opened.app).state.state).toBe("stopped");
  });
});

describe("App.stop()", () => {
  test("closes the pages, the connections, and the database, once for all who ask", async () => {
    await using installation = await createInstallation({ admin: { port: 0 } });
    await installation.logIn();
    const { app } = await installation.open();
    await app.start();
    const url = app.admin?.url;
    await Promise.all([app.stop(), app.stop()]);
    await app.stop();
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(accountOf(app).state.state).toBe("stopped");
    await using again = await installation.open();
    await again.app.start();
    await reached(again.app, "online");
    expect(await healthOf(again.app)).toMatchObject({ status: "ok", database: { ok: true } });
  });

  test("needs no start before", async () => {
    await using installation = await createInstallation();
    const { app } = await installation.open();
    await app.stop();
  });
});

describe("the pages of the app", () => {
  test("switch a plugin off and on, and know no other than those of the configuration", async () => {
    await using installation = await createInstallation({
      admin: { port: 0 },
      plugins: { well: { use: "./well.ts" } },
    });
    await installation.write("well.ts", pluginText("well", "setup() {},"));
    await installation.logIn();
    await using opened = await installation.open();
    const { app } = opened;
    await app.start();
    await reached(app, "online");
    expect((await ask(app, "/api/plugins/well/disable", "POST")).status).toBe(200);
    expect((await pluginReport(app, "well"))?.state).toBe("disabled");
    expect((await healthOf(app)).status).toBe("ok");
    expect((await ask(app, "/api/plugins/well/enable", "POST")).status).toBe(200);
    expect((await pluginReport(app, "well"))?.state).toBe("running");
    const unknown = await ask(app, "/api/plugins/nobody/restart", "POST");
    expect(unknown.status).toBe(404);
  });
});
