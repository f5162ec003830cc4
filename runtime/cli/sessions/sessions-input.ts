import type { App, ReadConfig } from "../../app/index.ts";
import type { CommandInput } from "../command.ts";

/** What every action works on; the program is put together and not started. */
export interface SessionsInput extends CommandInput {
  readonly app: App;
  readonly read: ReadConfig;
  /** Of the account; empty where none was given. */
  readonly name: string;
}
