import { definePlugin, TelegraphistError } from "telegraphist";
import { configSchema } from "./config.ts";
import { Inviter } from "./inviter.ts";
import { type PersonRef, parsePersonRef } from "./peer-ref.ts";
import { readPeople } from "./people-file.ts";

export default definePlugin({
  name: "channel-inviter",
  version: "1.0.0",
  description: "Invites people to a group or channel, slowly enough for Telegram",
  config: configSchema,
  permissions: {
    telegram: ["chats:read", "contacts:read", "members:invite", "invites:manage", "messages:send"],
    chats: ["*"],
    // The files are the configuration's choice, so the entry's own grant is what bounds them.
    read: ["*"],
    write: ["*"],
  },

  async setup(context) {
    const { list, csv } = context.config.people;
    const listed = list.flatMap((text) => parsePersonRef(text) ?? []);
    const fromFile: PersonRef[] = [];
    if (csv !== undefined) {
      const file = readPeople(await readText(context.resolvePath(csv)));
      for (const { line, problem } of file.problems) context.log.warn("line is left out", { line, problem });
      fromFile.push(...file.people);
    }
    new Inviter(context, [...listed, ...fromFile]).continueAfter(0);
  },
});

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await Bun.file(path).bytes());
  } catch (error) {
    const reason = error instanceof TypeError ? "it is not UTF-8" : "the file cannot be opened";
    throw new TelegraphistError({
      code: "INVITER_PEOPLE_UNREADABLE",
      category: "INVALID",
      message: `Cannot read list of people ${JSON.stringify(path)}: ${reason}`,
      cause: error,
    });
  }
}
