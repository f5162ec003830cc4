import { expect, test } from "bun:test";
import { join } from "node:path";
import inviter from "../../../plugins/channel-inviter/index.ts";
import { startTestbed } from "../../../runtime/testkit/index.ts";
import { LogWatch } from "../log-watch.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("a campaign adds who can be added, sends others the link, and repeats nothing after a restart", async () => {
  const log = new LogWatch();
  let channelId = "";
  await using testbed = await startTestbed({
    writeLog: log.write,
    prepare: ({ world, owner }) => {
      channelId = world.createChannel({ title: "News", creatorId: owner.id, username: "news_channel" }).id;
      world.createUser({ firstName: "Ada", username: "ada_l" });
      world.createUser({ firstName: "Bob", username: "bob_b", invites: "nobody" });
    },
    plugins: {
      "channel-inviter": {
        allow: { ...inviter.permissions, write: ["reports"] },
        config: {
          channel: "@news_channel",
          people: { list: ["@ada_l", "@bob_b", "@nobody_is_there"] },
          spacing: { minSeconds: 0, maxSeconds: 0 },
          report: "reports/news.json",
        },
      },
    },
  });
  const { world, owner } = testbed;
  await log.seen({ message: "campaign report", outcome: "finished" });
  const [ada, bob] = ["ada_l", "bob_b"].map(
    (name) => world.users().find(({ username }) => username === name)?.id ?? "",
  );
  const linksTo = (userId = "") =>
    world
      .messages(userId, owner.id)
      .filter(({ fromId, text }) => fromId === owner.id && text.includes("t.me"));

  expect(world.members(channelId).map(({ userId }) => userId)).toContain(ada ?? "");
  expect(world.members(channelId).map(({ userId }) => userId)).not.toContain(bob ?? "");
  expect([linksTo(ada).length, linksTo(bob).length]).toEqual([0, 1]);
  expect(await Bun.file(join(testbed.folder, "reports/news.json")).json()).toMatchObject({
    outcome: "finished",
    counts: { total: 3, invited: 1, linksSent: 1, refused: 1, pending: 0 },
  });

  const [plugin] = testbed.app.host.list();
  if (plugin !== undefined) await testbed.app.host.restart(plugin.name);
  await testbed.app.bus.drain();
  expect([linksTo(ada).length, linksTo(bob).length]).toEqual([0, 1]);
}, 30_000);

test.each([
  ["pauses on PEER_FLOOD", 400, "PEER_FLOOD", "waits: PEER_FLOOD"],
  ["stops without the right to invite", 403, "CHAT_ADMIN_REQUIRED", "stopped"],
])(
  "a campaign %s, and contacts nobody else",
  async (_what, errorCode, errorMessage, outcome) => {
    const log = new LogWatch();
    await using testbed = await startTestbed({
      writeLog: log.write,
      prepare: ({ world, owner }) => {
        world.createChannel({ title: "News", creatorId: owner.id, username: "news_channel" });
        world.createUser({ firstName: "Ada", username: "ada_l" });
        world.createUser({ firstName: "Bob", username: "bob_b" });
        world.faults.rpcError({ method: "channels.inviteToChannel", errorCode, errorMessage });
      },
      plugins: {
        "channel-inviter": {
          allow: inviter.permissions,
          config: {
            channel: "@news_channel",
            people: { list: ["@ada_l", "@bob_b"] },
            spacing: { minSeconds: 0, maxSeconds: 0 },
          },
        },
      },
    });
    expect(await log.seen({ message: "campaign report", outcome })).toMatchObject({ pending: 2, invited: 0 });
    expect(testbed.world.chats().flatMap(({ id }) => testbed.world.members(id))).toHaveLength(1);
  },
  30_000,
);

test.each([
  ["is not there", "nobody.csv", "the file cannot be opened"],
  ["is not UTF-8", "utf16.csv", "it is not UTF-8"],
])(
  "a campaign does not start when its file of people %s",
  async (_what, csv, reason) => {
    await using folder = await temporaryFolder();
    await Bun.write(join(folder.path, "utf16.csv"), Buffer.from("\uFEFFusername\nada_l\n", "utf16le"));
    const starting = startTestbed({
      folder: folder.path,
      plugins: {
        "channel-inviter": {
          allow: inviter.permissions,
          config: { channel: "@news_channel", people: { csv } },
        },
      },
    });
    await expect(starting).rejects.toThrow(reason);
  },
  30_000,
);

test("a campaign does not invite to a person", async () => {
  const log = new LogWatch();
  await using _testbed = await startTestbed({
    writeLog: log.write,
    prepare: ({ world }) => void world.createUser({ firstName: "Ada", username: "ada_l" }),
    plugins: {
      "channel-inviter": {
        allow: inviter.permissions,
        config: { channel: "@ada_l", people: { list: ["@ada_l"] } },
      },
    },
  });
  await log.seen({ message: "Plugin failed", code: "INVITER_NOT_A_CHANNEL" });
}, 30_000);
