import { resolve } from "node:path";
import { type ConfigProblem, loadYaml, shownPath } from "../../config/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import {
  type Emulator,
  type EmulatorOptions,
  type FaultScript,
  playFaultScript,
  readFaultScript,
  startEmulator,
} from "../emulator/index.ts";
import { type CommandInput, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { printProblems } from "./read-config.ts";
import { watchStopSignals } from "./stop-signal.ts";
import type { Terminal } from "./terminal.ts";

/** `telegraphist emulator`: a Telegram on this machine, until Ctrl-C. */
export async function emulatorCommand({ flags, values, terminal }: CommandInput): Promise<ExitCode> {
  const { style } = terminal;
  const script = await scriptAt(values.get("faults"), terminal);
  if (script === "unusable") return exitCodes.failed;
  using stop = watchStopSignals({ onForced: (reason) => terminal.err(`Stopped without order as ${reason}`) });
  const host = values.get("host");
  const dataCentres = dataCentresOf(values.get("data-centres"));
  await using emulator = await emulatorAt({
    ...(host === undefined ? {} : { host }),
    ...(dataCentres === undefined ? {} : { dataCentres }),
    port: portOf(values.get("port"), "--port"),
    controlPort: portOf(values.get("control-port"), "--control-port"),
  });
  const { server, controlUrl } = emulator;
  if (flags.has("json")) {
    terminal.out(JSON.stringify({ ...server, controlUrl }));
  } else {
    terminal.out(`${style.green("ready")}: a Telegram with ${server.dataCentres.length} data centres`);
    terminal.out(`  control  ${style.cyan(controlUrl)}`);
    terminal.out(style.dim("\nFor telegraphist.yaml:\n"));
    terminal.out(serverYaml(server));
  }
  if (script !== null) void play(script, emulator, stop.signal, terminal);
  await stop.stopped;
  return exitCodes.ok;
}

async function scriptAt(
  path: string | undefined,
  terminal: Terminal,
): Promise<FaultScript | "unusable" | null> {
  if (path === undefined) return null;
  const file = resolve(terminal.folder, path);
  const read = await readScript(file);
  if (read.ok) return read.script;
  await printProblems(file, read.problems, terminal);
  return "unusable";
}

async function readScript(
  file: string,
): Promise<{ ok: true; script: FaultScript } | { ok: false; problems: readonly ConfigProblem[] }> {
  const yaml = await loadYaml(file);
  if (!yaml.ok) return yaml;
  const read = readFaultScript(yaml.value);
  if (read.ok) return read;
  const problems = read.problems.map(({ path, message }) => {
    const position = yaml.document.locate(path);
    return { file, ...position, path: shownPath(path), message };
  });
  return { ok: false, problems };
}

/** Tells each turn on standard error, as the addresses on standard output may be read by a program. */
function play(script: FaultScript, { world }: Emulator, signal: AbortSignal, { err, style }: Terminal) {
  const onTurn = (fault: string, error: Error | null) =>
    err(
      error === null
        ? `${style.dim("fault")}  ${fault}`
        : `${style.red("fault")}  ${fault}: ${error.message}`,
    );
  return playFaultScript(script, { faults: world.faults, signal, onTurn });
}

async function emulatorAt(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (error) {
    const inUse = hasCode(error, "EADDRINUSE");
    if (!inUse && !hasCode(error, "EADDRNOTAVAIL") && !hasCode(error, "EACCES")) throw error;
    const host = JSON.stringify(options.host ?? "127.0.0.1");
    throw new TelegraphistError({
      code: inUse ? "CLI_PORT_IN_USE" : "CLI_CANNOT_LISTEN",
      category: "CONFIG",
      message: inUse
        ? `Cannot start the emulator on ${host}: a port is in use, without --port and --control-port it takes free ones`
        : `Cannot start the emulator on ${host}: this machine refuses that address or port`,
      cause: error,
    });
  }
}

/** The part of a configuration that leads to this server. */
function serverYaml(server: {
  readonly dataCentres: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly publicKeys: readonly string[];
}): string {
  return [
    "telegram:",
    "  apiId: 1",
    `  apiHash: "${"0".repeat(32)}"`,
    "  server:",
    "    dataCentres:",
    ...server.dataCentres.map(({ id, host, port }) => `      - { id: ${id}, host: ${host}, port: ${port} }`),
    "    publicKeys:",
    ...server.publicKeys.flatMap((pem) => [
      "      - |",
      ...pem
        .trim()
        .split("\n")
        .map((line) => `        ${line}`),
    ]),
  ].join("\n");
}

function portOf(text: string | undefined, option: string): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`Option ${option} must be a port from 0 to 65535: received ${JSON.stringify(text)}`);
}

function dataCentresOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-5]$/.test(text)) return Number(text);
  throw new UsageError(
    `Option --data-centres must be a number from 1 to 5: received ${JSON.stringify(text)}`,
  );
}
