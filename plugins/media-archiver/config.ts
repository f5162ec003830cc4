import { faultOfTemplate, fileMediaKinds, isTimeZone } from "telegraphist";
import { z } from "zod";
import { pathVariables } from "./path-variables.ts";

const chat = z
  .string()
  .regex(
    /^(\*|private|group|supergroup|channel|@[a-zA-Z]\w{2,31}|-?[1-9]\d{0,18})$/,
    "must be *, a kind of chat, an @username, or a numeric id",
  );

const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: "must be a date such as 2026-01-31" })
  .describe("A date, or a date and time with its offset; a date alone begins at midnight UTC");

const name = z
  .string()
  .min(1)
  .max(512)
  .superRefine((text, context) => {
    const fault = faultOfName(text);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  });

/** What `config:` of the plugin's YAML entry may hold. */
export const configSchema = z.strictObject({
  folder: z.string().min(1).describe("The archive's folder; must be granted as `write`"),
  chats: z.array(chat).min(1).default(["*"]).describe("Ids, @usernames, kinds of chat, or * for all"),
  media: z
    .array(z.enum(fileMediaKinds))
    .min(1)
    .default(["photo", "video", "animation", "video-note", "voice", "audio", "document"])
    .describe("Kinds of media that are kept; stickers are left out by default"),
  minBytes: z.int().min(0).default(0),
  maxBytes: z
    .int()
    .min(1)
    .default(2 * 1024 ** 3),
  since: moment.optional().describe("Only messages from then on"),
  until: moment.optional().describe("Only messages before then"),
  live: z
    .strictObject({
      received: z.boolean().default(true),
      sent: z.boolean().default(true).describe("What the account itself posts"),
      edited: z.boolean().default(false).describe("Files that replace others by an edit"),
    })
    .prefault({})
    .describe("Which messages are archived as they come"),
  backfill: z
    .strictObject({
      enabled: z.boolean().default(false),
      pagePauseMs: z.int().min(0).max(60_000).default(1000).describe("Between two pages of 100 messages"),
    })
    .prefault({})
    .describe("Archive what is in the chats already, newest first"),
  name: name
    .default("{{chat.title}}/{{date}}/{{messageId}}-{{fileName}}")
    .describe("Path below the folder; names are made safe, and a name that is taken gets a number"),
  timeZone: z
    .string()
    .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
    .optional()
    .describe("Of the dates in names; the machine's by default"),
  duplicates: z
    .enum(["skip", "hardlink"])
    .default("skip")
    .describe("A file whose bytes are there already: only indexed, or linked under its own name too"),
  concurrency: z.int().min(1).max(16).default(3).describe("Downloads at a time"),
  minFreeBytes: z
    .int()
    .min(0)
    .default(1024 ** 3)
    .describe("Downloads wait while the disk has less than this"),
  maxAttempts: z.int().min(1).max(20).default(5).describe("Tries for one file"),
  downloadTimeoutMinutes: z.number().min(0.1).max(60).default(60).describe("For one try"),
});

export type ArchiverConfig = z.output<typeof configSchema>;

function faultOfName(text: string): string | null {
  const fault = faultOfTemplate(text, pathVariables);
  if (fault !== null) return fault;
  const segments = text.split("/");
  if (segments.length > 16) return "must not have more than 16 parts";
  return segments.some((segment) => ["", ".", ".."].includes(segment.trim()))
    ? 'must be a path below the folder: without empty parts, ".", and ".."'
    : null;
}
