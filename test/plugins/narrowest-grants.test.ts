import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import type { App } from "../../runtime/app/index.ts";
import { reached } from "../e2e/account-states.ts";
import { createInstallation, type Installation } from "../e2e/installation.ts";

// Some twenty plugins are started, each in a process of its own.
setDefaultTimeout(90_000);

type Grants = Readonly<Record<string, readonly string[]>>;

/** A bundled plugin with the grants that the demo has for it, or all but one of them. */
interface Variant {
  readonly plugin: string;
  /** The entry's name, by which its channel, its people, and its folder are its own. */
  readonly name: string;
  /** As `telegram: messages:read`; `null` where all are there. */
  readonly missing: string | null;
  readonly allow: Grants;
  readonly config: unknown;
}

/** Whom the demo invites. */
const people = ["ada_l", "grace_h", "linus_t", "margaret_h"];
const variants = await demoVariants();
const complete = variants.filter(({ missing }) => missing === null);
const lacking = variants.filter(({ missing }) => missing !== null);
/** Of a chat that is not granted a plugin does not hear, so that there is nothing to refuse. */
function hearsNothing({ plugin, missing }: Variant): boolean {
  return plugin !== "channel-inviter" && missing?.startsWith("chats: ") === true;
}

describe("the grants of the demo", () => {
  let installation: Installation;
  let app: App;
  /** Entries that were refused something, and those that have written to someone. */
  const refused = new Set<string>();
  const wrote = new Set<string>();

  beforeAll(async () => {
    installation = await createInstallation({
      plugins: Object.fromEntries(
        variants.map(({ name, plugin: use, allow, config }) => [name, { use, allow, config }]),
      ),
    });
    await installation.logIn();
    ({ app } = await installation.open({
      onAudit({ plugin, verdict, call }) {
        if (verdict === "denied") refused.add(plugin);
        else if (/^telegram\.(send|reply)$/.test(call)) wrote.add(plugin);
      },
    }));
    await playOut();
  });

  afterAll(async () => {
    await app.stop();
    await installation[Symbol.asyncDispose]();
  });

  /** People write, and what is to come of it has come. */
  async function playOut(): Promise<void> {
    const { owner, emulator } = installation;
    const { world } = emulator;
    const ada = world.createUser({ firstName: "Ada" });
    const club = world.createSupergroup({
      ...{ title: "Photo Club", creatorId: ada.id },
      ...{ username: "photo_club", memberIds: [owner.id] },
    });
    for (const { name } of variants.filter(({ plugin }) => plugin === "channel-inviter")) {
      const own = name.replace(/^.*-/, "");
      for (const person of people) {
        const invites = person === "margaret_h" ? "nobody" : "everyone";
        world.createUser({ firstName: person, username: `${person}_${own}`, invites });
      }
      world.createChannel({ title: "Night Trains", creatorId: owner.id, username: `night_trains_${own}` });
    }
    await app.start();
    await reached(app, "online");
    world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "When are you open?" });
    const photo = { kind: "photo", bytes: new Uint8Array(64).fill(7), width: 8, height: 8 } as const;
    world.sendMessage({ fromId: ada.id, chatId: club.id, text: "", media: photo });
    const isOver = async () => {
      const done = await Promise.all(complete.map(isDone));
      return done.every(Boolean) && lacking.every((each) => refused.has(each.name) || hearsNothing(each));
    };
    const deadlineMs = performance.now() + 60_000;
    while (performance.now() < deadlineMs && !(await isOver())) await Bun.sleep(50);
    await app.drain(AbortSignal.timeout(20_000));
  }

  async function isDone({ plugin, name }: Variant): Promise<boolean> {
    const { world } = installation.emulator;
    const idOf = (username: string) =>
      [...world.users(), ...world.chats()].find((each) => each.username === username)?.id ?? "";
    const own = name.replace(/^.*-/, "");
    switch (plugin) {
      case "autoresponder":
        return wrote.has(name);
      case "media-archiver": {
        const files = await readdir(join(installation.folder, name, "archive"), { recursive: true }).catch(
          () => [],
        );
        return files.some((file) => file.endsWith(".jpg"));
      }
      case "channel-inviter": {
        const members = world.members(idOf(`night_trains_${own}`)).map(({ userId }) => userId);
        const links = world
          .messages(idOf(`margaret_h_${own}`), installation.owner.id)
          .filter(({ text }) => text.includes("t.me"));
        return members.includes(idOf(`ada_l_${own}`)) && links.length === 1;
      }
      default:
        throw new Error(`There is no telling whether ${plugin} has done its job`);
    }
  }

  test.each(complete.map((each) => [each.plugin, each] as const))("do for %s", async (_, variant) => {
    expect(refused).not.toContain(variant.name);
    expect(await isDone(variant)).toBe(true);
  });

  test.each(lacking.map((each) => [each.plugin, each.missing, each] as const))(
    "are none too many: %s without %s",
    async (_plugin, _missing, variant) => {
      if (!hearsNothing(variant)) expect(refused).toContain(variant.name);
      expect(await isDone(variant)).toBe(false);
    },
  );
});

/** What the demo's file has for its plugins, and that less each single grant. */
async function demoVariants(): Promise<readonly Variant[]> {
  const env = {
    DEMO_DC1_PORT: "1",
    DEMO_DC2_PORT: "2",
    DEMO_PUBLIC_KEY: "-----BEGIN RSA PUBLIC KEY-----",
    DEMO_FOLDER: "DEMO",
    DEMO_ADMIN_PORT: "3",
  };
  const read = await loadConfig({ path: join(import.meta.dir, "../../config/demo.yaml"), env });
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("; "));
  return Object.entries(read.config.plugins).flatMap(([plugin, { allow, config }]) => {
    const grants = Object.entries(allow).flatMap(([permission, items = []]) =>
      items.map((item) => ({ permission, item })),
    );
    return [null, ...grants].map((missing, index) => {
      const left = grants.filter((grant) => grant !== missing);
      const lists = Map.groupBy(left, ({ permission }) => permission);
      const allowed = Object.fromEntries(
        [...lists].map(([permission, of]) => [permission, of.map(({ item }) => item)]),
      );
      return {
        ...{ plugin, name: `${plugin}-${index}` },
        missing: missing === null ? null : `${missing.permission}: ${missing.item}`,
        ...withOwnNames({ allow: allowed, config }, plugin, index),
      };
    });
  });
}

/** People, channel, and folder of this variant alone, so that none does another's work. */
function withOwnNames<Entry extends Pick<Variant, "allow" | "config">>(
  entry: Entry,
  plugin: string,
  index: number,
): Entry {
  const text = JSON.stringify(entry)
    .replace(new RegExp(`@(night_trains|${people.join("|")})\\b`, "g"), `@$1_${index}`)
    .replaceAll("DEMO/", `${plugin}-${index}/`);
  // Only texts in it are others now.
  return JSON.parse(text) as Entry;
}
