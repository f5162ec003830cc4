import { hasCode, TelegraphistError } from "../contract/index.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/index.ts";
import { type CommandInput, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { watchStopSignals } from "./stop-signal.ts";

/** `telegraphist emulator`: a Telegram on this machine, until Ctrl-C. */
export async function emulatorCommand({ flags, values, terminal }: CommandInput): Promise<ExitCode> {
  const { style } = terminal;
  using stop = watchStopSignals({ onForced: (reason) => terminal.err(`Stopped without order as ${reason}`) });
  const host = values.get("host");
  await using emulator = await emulatorAt({
    ...(host === undefined ? {} : { host }),
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
  await stop.stopped;
  return exitCodes.ok;
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
