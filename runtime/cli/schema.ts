import { jsonSchema } from "../../config/index.ts";
import type { CommandInput } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";

/** `telegraphist schema`: the JSON Schema that editors complete the configuration by. */
export function schemaCommand({ terminal }: CommandInput): Promise<ExitCode> {
  terminal.out(JSON.stringify(jsonSchema(), null, 2));
  return Promise.resolve(exitCodes.ok);
}
