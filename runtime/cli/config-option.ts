import type { OptionDefinition } from "./command.ts";

/** Which configuration a command reads. */
export const configOption: OptionDefinition = {
  type: "string",
  short: "c",
  value: "FILE",
  about: "the configuration (default: telegraphist.yaml in this folder, or TELEGRAPHIST_CONFIG)",
};
