import { createErrorTracker, createLogger, type Logger } from "../../telemetry/index.ts";
import { startTelemetry, type TelemetrySdk } from "../../telemetry/sdk/index.ts";
import { type App, type AppOptions, createApp, type ReadConfig } from "../app/index.ts";
import { version } from "../contract/index.ts";
import type { Terminal } from "./terminal.ts";

/** The running program behind `run`, `login`, and `demo`. */
export interface Program {
  readonly app: App;
  readonly logger: Logger;
  readonly telemetry: TelemetrySdk;
  /** Stops the app, then sends what telemetry still has. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly read: ReadConfig;
  readonly terminal: Terminal;
  /** Where log lines go. @default standard error */
  readonly writeLog?: (line: string) => void;
  /** @default nobody is asked */
  readonly askPermission?: AppOptions["askPermission"] | undefined;
}

/**
 * Starts telemetry, then puts the app together; nothing connects yet.
 *
 * @throws {TelegraphistError} what `createApp` throws
 */
export async function openProgram({
  read,
  terminal,
  writeLog,
  askPermission,
}: ProgramOptions): Promise<Program> {
  const { config, document, baseFolder } = read;
  const { log, serviceName, traces, metrics, otlpEndpoint } = config.telemetry;
  const errors = createErrorTracker();
  const write = writeLog === undefined ? {} : { write: writeLog };
  const logger = createLogger({ level: log.level, format: log.format, errors, ...write });
  const telemetry = await startTelemetry({ serviceName, version, traces, metrics, otlpEndpoint, logger });
  try {
    const app = await createApp({
      config,
      document,
      baseFolder,
      version,
      logger,
      errors,
      telemetry,
      env: terminal.env,
      ...(askPermission && { askPermission }),
    });
    return {
      app,
      logger,
      telemetry,
      async stop() {
        try {
          await app.stop();
        } finally {
          await telemetry.stop();
        }
      },
    };
  } catch (error) {
    await telemetry.stop();
    throw error;
  }
}
