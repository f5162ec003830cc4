import { expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../../runtime/app/index.ts";
import type { EventMap } from "../../runtime/contract/index.ts";
import { createInstallation } from "../e2e/installation.ts";
import { pluginText } from "../e2e/plugin-text.ts";

const noted = pluginText("noted", "setup() {},", `{ telegram: ["messages:read"], chats: ["*"] }`);
const versionOf = (version: string) => noted.replace("1.2.3", version);
const plugins = { noted: { use: "./noted.ts", allow: { telegram: ["messages:read"], chats: ["*"] } } };

/** The next event of that name. */
function next<Name extends "plugin.started" | "plugin.failed">(
  app: App,
  name: Name,
): Promise<EventMap[Name]> {
  const { promise, resolve } = Promise.withResolvers<EventMap[Name]>();
  const dispose = app.bus.subscribe(name, undefined, (event) => resolve(event), {
    owner: crypto.randomUUID(),
  });
  return promise.finally(dispose);
}

test("App.start() with watch takes up what is saved, and lets what runs go on where that is broken", async () => {
  await using installation = await createInstallation({ plugins, reload: { watch: true } });
  const { folder } = installation;
  await installation.write("noted.ts", noted);
  await installation.logIn();
  await using opened = await installation.open();
  const { app } = opened;
  await app.start();

  const saved = next(app, "plugin.started");
  await installation.write("noted.ts", versionOf("2.0.0"));
  expect((await saved).version).toBe("2.0.0");

  // As editors do that put a new file in the old one's place.
  const replaced = next(app, "plugin.started");
  await installation.write("noted.ts.swp", versionOf("3.0.0"));
  await rename(join(folder, "noted.ts.swp"), join(folder, "noted.ts"));
  expect((await replaced).version).toBe("3.0.0");

  const broken = next(app, "plugin.failed");
  await installation.write("noted.ts", "const = 1;");
  expect((await broken).phase).toBe("reload");
  expect(app.host.list()[0]).toMatchObject({ version: "3.0.0", state: "running" });

  const mended = next(app, "plugin.started");
  await installation.write("noted.ts", versionOf("4.0.0"));
  expect((await mended).version).toBe("4.0.0");
  const configured = next(app, "plugin.started");
  await installation.configure({
    plugins: { ...plugins, other: { ...plugins.noted, use: "./noted.ts" } },
    reload: { watch: true },
  });
  expect((await configured).plugin as string).toBe("other");
  expect(app.host.list().map(({ name }) => name as string)).toEqual(["noted", "other"]);
}, 30_000);

test("App.start() leaves what is saved alone unless it is told to watch", async () => {
  await using installation = await createInstallation({ plugins });
  await installation.write("noted.ts", noted);
  await installation.logIn();
  await using opened = await installation.open();
  await opened.app.start();
  await installation.write("noted.ts", versionOf("2.0.0"));
  expect((await opened.app.reconfiguration?.plan())?.plugins).toMatchObject([
    { name: "noted", change: "changed", isCodeChanged: true, version: { before: "1.2.3", after: "2.0.0" } },
  ]);
  expect(opened.app.host.list()[0]).toMatchObject({ version: "1.2.3", reloads: 0 });
}, 30_000);
