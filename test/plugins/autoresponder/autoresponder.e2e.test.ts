import { expect, test } from "bun:test";
import autoresponder from "../../../plugins/autoresponder/index.ts";
import { startTestbed } from "../../../runtime/testkit/index.ts";
import { LogWatch } from "../log-watch.ts";

test("the autoresponder answers a person once, and neither bots nor twice in its cooldown", async () => {
  const log = new LogWatch();
  await using testbed = await startTestbed({
    writeLog: log.write,
    plugins: {
      autoresponder: {
        allow: autoresponder.permissions,
        config: {
          typing: { maxSeconds: 0.01 },
          markRead: true,
          rules: [
            { when: { pattern: "order (\\d+)" }, answer: "{{sender.firstName}}, order {{match.1}} is noted" },
            { answer: "Away" },
          ],
        },
      },
    },
  });
  const { owner, world } = testbed;
  const ada = world.createUser({ firstName: "Ada" });
  const bot = world.createUser({ firstName: "Robot", username: "robot_bot", isBot: true });
  const textsOf = (userId: string) =>
    world
      .messages(userId, owner.id)
      .filter(({ fromId }) => fromId === owner.id)
      .map(({ text }) => text);

  world.sendMessage({ fromId: bot.id, chatId: owner.id, text: "order 1" });
  const answered = testbed.next("message.sent");
  world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "My order 17, please" });
  await answered;
  const again = testbed.next("message.received", ({ text }) => text === "Hello?");
  world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "Hello?" });
  await again;
  await testbed.app.bus.drain();
  expect(textsOf(ada.id)).toEqual(["Ada, order 17 is noted"]);
  expect(textsOf(bot.id)).toEqual([]);
}, 30_000);

test("the autoresponder takes the owner for away while only plugins write, until the owner does", async () => {
  await using testbed = await startTestbed({
    plugins: {
      autoresponder: {
        allow: autoresponder.permissions,
        config: {
          away: { quietMinutes: 10 },
          cooldownMinutes: 0,
          typing: { enabled: false },
          rules: [{ answer: "Away" }],
        },
      },
    },
  });
  const { owner, telegram, world } = testbed;
  const ada = world.createUser({ firstName: "Ada", username: "adalovelace" });
  const answers = () => world.messages(ada.id, owner.id).filter(({ text }) => text === "Away").length;
  const write = async (text: string) => {
    const received = testbed.next("message.received", (event) => event.text === text);
    world.sendMessage({ fromId: ada.id, chatId: owner.id, text });
    await received;
    await testbed.app.bus.drain();
  };

  const campaign = testbed.next("message.sent", ({ isAutomated }) => isAutomated);
  await telegram.send("@adalovelace", "Join the club");
  await campaign;
  await testbed.app.bus.drain();
  await write("Which club?");
  expect(answers()).toBe(1);

  const byHand = testbed.next("message.sent", ({ isAutomated }) => !isAutomated);
  world.sendMessage({ fromId: owner.id, chatId: ada.id, text: "The chess club" });
  await byHand;
  await testbed.app.bus.drain();
  await write("I see");
  expect(answers()).toBe(1);
}, 30_000);
