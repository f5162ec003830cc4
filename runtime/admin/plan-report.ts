import { z } from "zod";

const keyChange = z.object({
  path: z.string().describe("As plugins.inviter.config.dailyLimit"),
  change: z.enum(["added", "removed", "changed"]),
  before: z.string().nullable().describe("As JSON; null for none, and for what may be a secret"),
  after: z.string().nullable(),
});

const grantChange = z.object({
  permission: z.string(),
  entry: z.string(),
  isDenial: z.boolean().describe("Whether it is an exception that was made, or is made no longer"),
});

/** What is between what runs and the configuration file. */
export const planReport = z.object({
  isEmpty: z.boolean(),
  plugins: z
    .array(
      z.object({
        name: z.string(),
        change: z.enum(["added", "removed", "enabled", "disabled", "changed"]),
        version: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
        isCodeChanged: z.boolean(),
        widened: z.array(grantChange).readonly().describe("What it may do then and may not now"),
        narrowed: z.array(grantChange).readonly().describe("The other way round"),
        keys: z.array(keyChange).readonly(),
      }),
    )
    .readonly(),
  restart: z.array(keyChange).readonly().describe("What a program that runs cannot take up"),
});
export type PlanReport = Readonly<z.infer<typeof planReport>>;
