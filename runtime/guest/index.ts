import { fileURLToPath } from "node:url";

export { httpResponseOf } from "./http-response.ts";
export { loadPlugin } from "./load-plugin.ts";
export {
  firstLineCredit,
  type LineLevel,
  type LogLine,
  maxFieldsLength,
  maxMessageLength,
} from "./log-lines.ts";
export { type Manifest, manifestOf, readManifest } from "./manifest.ts";
export {
  checkPluginConfig,
  configError,
  type PluginConfigCheck,
  type PluginConfigIssue,
  readConfigIssues,
} from "./plugin-config.ts";
export { failureRecord } from "./plugin-failure.ts";
export type { SetupFacts } from "./setup-facts.ts";
export { createStoreView, jsonOf } from "./store-view.ts";

/** The program of a plugin's process. */
export const guestScript = fileURLToPath(new URL("./main.ts", import.meta.url));
