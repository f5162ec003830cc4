import { faultOfTemplate, isTimeZone, parseTemplate, weekdays } from "telegraphist";
import { z } from "zod";
import { parsePersonRef } from "./peer-ref.ts";

/** Variables that the message with the link may have. */
export const messageVariables = ["person.firstName", "person.displayName", "channel.title", "link"] as const;

const channel = z
  .string()
  .regex(
    /^(@[a-zA-Z]\w{2,31}|https:\/\/t\.me\/[a-zA-Z]\w{2,31}|-[1-9]\d{0,18})$/,
    "must be an @username, a t.me link, or a negative numeric id",
  );

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 09:30");

const people = z
  .strictObject({
    csv: z
      .string()
      .min(1)
      .optional()
      .describe("File with a column `username` or `id`; must be granted as `read`"),
    list: z
      .array(
        z.string().refine((text) => parsePersonRef(text) !== null, "must be an @username or a numeric id"),
      )
      .max(10_000)
      .default([])
      .describe("Usernames or numeric ids"),
    contacts: z.boolean().default(false).describe("Everyone in the account's contact list"),
  })
  .refine(({ contacts, csv, list }) => contacts || csv !== undefined || list.length > 0, {
    error: "must name people: a csv file, a list, or contacts",
  });

const spacing = z
  .strictObject({
    minSeconds: z.number().min(0).max(86_400).default(60),
    maxSeconds: z.number().min(0).max(86_400).default(180),
  })
  .refine(({ maxSeconds, minSeconds }) => minSeconds <= maxSeconds, {
    error: "must not have minSeconds above maxSeconds",
  });

const activeHours = z.strictObject({
  timeZone: z.string().refine(isTimeZone, "must be a time zone such as Europe/Berlin").optional(),
  weekdays: z.array(z.enum(weekdays)).min(1).optional(),
  from: clockTime,
  to: clockTime,
});

const message = z
  .string()
  .min(1)
  .max(2000)
  .superRefine((text, context) => {
    const fault = faultOfMessage(text);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  });

/** What `config:` of the plugin's YAML entry may hold. */
export const configSchema = z.strictObject({
  channel: channel.describe("The group or channel that people are invited to"),
  people: people.describe("Who is invited; a person who is named twice is contacted once"),
  mode: z
    .enum(["direct", "link", "direct-then-link"])
    .default("direct-then-link")
    .describe("Add people, send them an invite link, or the link only to those who cannot be added"),
  linkMessage: message
    .default("Hello {{person.firstName|there}}, you are invited to {{channel.title}}: {{link}}")
    .describe("Text that carries the link"),
  dailyCap: z
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe("People contacted in any 24 hours; above 50 Telegram blocks"),
  spacing: spacing.prefault({}).describe("Time between two people, drawn at random"),
  activeHours: activeHours.optional().describe("People are contacted only in these hours; always by default"),
  maxAttempts: z
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe("Tries for one person when Telegram or the line fails"),
  dryRun: z.boolean().default(false).describe("Contact nobody; the report has as pending who would be"),
  report: z.string().min(1).optional().describe("JSON file with the outcome; must be granted as `write`"),
  seed: z.int().min(0).max(0xffff_ffff).optional().describe("Makes the spacing repeatable"),
});

export type InviterConfig = z.output<typeof configSchema>;

function faultOfMessage(text: string): string | null {
  const fault = faultOfTemplate(text, messageVariables);
  if (fault !== null) return fault;
  return parseTemplate(text).variables.includes("link") ? null : "must have the variable {{link}}";
}
