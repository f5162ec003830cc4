import { z } from "zod";

const atMs = z.number().describe("In milliseconds since 1970");

/** A session as the program has it. It holds no key and no phone number. */
export const sessionReport = z.object({
  account: z.string(),
  state: z.enum(["active", "logged-out"]).describe("logged-out: Telegram has ended it"),
  userId: z.string().nullable(),
  mainDataCentreId: z.number(),
  device: z.object({ model: z.string(), systemVersion: z.string(), appVersion: z.string() }),
  createdAtMs: atMs,
  lastUsedAtMs: atMs,
  lastVerifiedAtMs: atMs.nullable(),
  isConfigured: z.boolean().describe("Whether the configuration has the account"),
  heldBy: z
    .object({ host: z.string(), pid: z.number() })
    .nullable()
    .describe("The program that uses it now; null when none does"),
  unusedFromMs: atMs.describe("When it counts as unused, should nobody use it until then"),
  endsFromMs: atMs
    .nullable()
    .describe("When the clean-up ends it, which was told a day before; null while that was not told"),
});
export type SessionReport = Readonly<z.infer<typeof sessionReport>>;
