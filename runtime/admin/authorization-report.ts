import { z } from "zod";

/** A session of an account as Telegram lists it. */
export const authorizationReport = z.object({
  id: z.string().describe("What it is ended by; 0 of this program's own"),
  isCurrent: z.boolean().describe("Whether it is the one that this program uses"),
  isOfficialApp: z.boolean(),
  isUnconfirmed: z.boolean().describe("Whether its owner has yet to confirm it"),
  deviceModel: z.string(),
  platform: z.string(),
  systemVersion: z.string(),
  apiId: z.number(),
  appName: z.string(),
  appVersion: z.string(),
  createdAtMs: z.number(),
  lastActiveAtMs: z.number(),
});
export type AuthorizationReport = Readonly<z.infer<typeof authorizationReport>>;
