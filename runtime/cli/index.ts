export { runCli } from "./cli.ts";
export type { ExitCode } from "./exit-code.ts";
export { exitCodes } from "./exit-code.ts";
export type { Terminal } from "./terminal.ts";
export { processTerminal, styleOf } from "./terminal.ts";
