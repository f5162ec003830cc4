import { isTimeZone, weekdays } from "telegraphist";
import { z } from "zod";
import { faultOfAnswer } from "./answer-text.ts";
import { faultOfPattern } from "./pattern.ts";

const peer = z
  .string()
  .regex(/^(@[a-zA-Z]\w{2,31}|-?[1-9]\d{0,18})$/, "must be a numeric id or an @username")
  .describe("A numeric id, or an @username");

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:30");

const hours = z
  .strictObject({
    timeZone: z
      .string()
      .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
      .optional()
      .describe("IANA time zone; the machine's by default"),
    weekdays: z
      .array(z.enum(weekdays))
      .min(1)
      .optional()
      .describe("Days on which the hours begin; every day by default"),
    from: clockTime.describe("First minute"),
    to: clockTime.describe("End; a time that is not after `from` is on the next day"),
  })
  .describe("Hours of the week, by the wall clock");

const conditions = z.strictObject({
  keywords: z
    .array(z.string().trim().min(1).max(100))
    .min(1)
    .max(100)
    .optional()
    .describe("Whole words or phrases, any of them, upper or lower case"),
  pattern: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe("JavaScript regular expression; its groups are {{match.1}} or {{match.name}} in the answer"),
  flags: z
    .string()
    .regex(/^[imsuv]*$/)
    .default("iu")
    .describe("Flags of the regular expression"),
  chatKinds: z
    .array(z.enum(["private", "group", "supergroup"]))
    .min(1)
    .optional(),
  from: z.enum(["anyone", "contact", "stranger"]).default("anyone"),
  chats: z.array(peer).min(1).optional().describe("Only in these chats"),
  people: z.array(peer).min(1).optional().describe("Only for these people"),
});

const rule = z
  .strictObject({
    name: z.string().min(1).max(64).optional().describe("Shown in the log; its place in the list by default"),
    when: conditions.prefault({}).describe("All that is given must hold; nothing given holds always"),
    hours: z.array(hours).min(1).optional().describe("Only in these hours, beside the plugin's own"),
    answer: z.string().min(1).max(4096).describe("Text with variables such as {{sender.firstName|there}}"),
    as: z.enum(["reply", "message"]).default("reply").describe("Quote the message, or write a plain one"),
    cooldownMinutes: z.number().min(0).max(43_200).optional().describe("Instead of the plugin's own"),
  })
  .superRefine(({ when, answer }, context) => {
    const patternFault = when.pattern === undefined ? null : faultOfPattern(when.pattern, when.flags);
    if (patternFault !== null) {
      context.addIssue({ code: "custom", path: ["when", "pattern"], message: patternFault });
      return;
    }
    const answerFault = faultOfAnswer(answer, when);
    if (answerFault !== null) context.addIssue({ code: "custom", path: ["answer"], message: answerFault });
  });

const away = z
  .strictObject({
    quietMinutes: z
      .number()
      .min(0)
      .max(10_080)
      .optional()
      .describe("The owner has written nothing, on any device, for so long"),
    offline: z.boolean().default(false).describe("The owner is not online on any device"),
  })
  .describe("Answer only while the owner is away; all that is given must hold");

const typing = z.strictObject({
  enabled: z.boolean().default(true),
  charactersPerSecond: z.number().min(1).max(1000).default(25),
  maxSeconds: z.number().min(0).max(30).default(8),
});

/** What `config:` of the plugin's YAML entry may hold. */
export const configSchema = z.strictObject({
  rules: z.array(rule).min(1).max(200).describe("The first rule that fits answers"),
  hours: z.array(hours).min(1).optional().describe("Answer only in these hours; always by default"),
  away: away.optional(),
  groups: z
    .enum(["mentioned", "always", "never"])
    .default("mentioned")
    .describe("In groups: when mentioned or replied to, to every message, or not at all"),
  cooldownMinutes: z
    .number()
    .min(0)
    .max(43_200)
    .default(240)
    .describe("At most one answer a chat in so long; outlives restarts"),
  maxAnswersPerHour: z.int().min(1).max(1000).default(30).describe("Over all chats, each hour that passes"),
  maxMessageAgeMinutes: z
    .number()
    .min(1)
    .max(1440)
    .default(60)
    .describe("Messages that arrived while the program was down are answered up to this age"),
  markRead: z.boolean().default(false).describe("Mark a message as read before it is answered"),
  typing: typing.prefault({}).describe("Show that the owner types, longer for a longer answer"),
});

export type AutoresponderConfig = z.output<typeof configSchema>;
export type Rule = AutoresponderConfig["rules"][number];
export type Conditions = Rule["when"];
