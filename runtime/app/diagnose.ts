import { stat } from "node:fs/promises";
import type { TelegraphistConfig } from "../../config/index.ts";
import type { Logger } from "../../telemetry/index.ts";
import { toTelegraphistError } from "../contract/index.ts";
import { readKernelLevel } from "../sandbox/index.ts";
import { loadAppKeys, openStorageToLook, storagePaths } from "./open-app-storage.ts";
import { requireUsableKeys } from "./usable-keys.ts";

/** One thing that was looked at, and what to do where it is not well. */
export interface Finding {
  readonly subject: string;
  readonly state: "ok" | "warning" | "failed";
  readonly detail: string;
  /** What to do; `null` when nothing is. */
  readonly advice: string | null;
}

export interface DiagnosisOptions {
  /** `null` when the configuration cannot be read; what depends on it is left out then. */
  readonly config: TelegraphistConfig | null;
  readonly baseFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly now: () => number;
  /** Time for the network. @default 3_000 */
  readonly timeoutMs?: number;
}

const oldestBun = "1.4.5";

/** Looks at the machine and the installation. Nothing is changed, save that a first look makes the key and database. */
export async function diagnose(options: DiagnosisOptions): Promise<readonly Finding[]> {
  const { config } = options;
  return [
    bunFinding(Bun.version),
    await kernelFinding(),
    ...(config === null ? [] : [await keyFinding(config, options), await databaseFinding(config, options)]),
    await otlpFinding(config, options),
  ];
}

function bunFinding(version: string): Finding {
  const isRecent = Bun.semver.satisfies(version, `>=${oldestBun}`);
  return {
    subject: "Bun",
    state: isRecent ? "ok" : "failed",
    detail: version,
    advice: isRecent ? null : `Install Bun ${oldestBun} or later: npm install -g bun@${oldestBun}`,
  };
}

async function kernelFinding(): Promise<Finding> {
  const { label, canHold } = await readKernelLevel();
  return {
    subject: "kernel",
    state: canHold ? "ok" : "warning",
    detail: label,
    advice: canHold
      ? null
      : 'This system cannot hold plugins: set "trusted" for those that you trust, or use Linux 6.2 or later with Landlock',
  };
}

async function keyFinding(
  config: TelegraphistConfig,
  { baseFolder, env }: DiagnosisOptions,
): Promise<Finding> {
  const subject = "key";
  if ((env.TELEGRAPHIST_KEY ?? "") !== "") {
    return { subject, state: "ok", detail: "from TELEGRAPHIST_KEY", advice: null };
  }
  const { keyFile } = storagePaths({ config, baseFolder });
  const status = await stat(keyFile).catch(() => null);
  if (status === null) {
    return { subject, state: "ok", detail: `${keyFile} is made on first use`, advice: null };
  }
  const isClosed = (status.mode & 0o077) === 0;
  return {
    subject,
    state: isClosed ? "ok" : "failed",
    detail: keyFile,
    advice: isClosed ? null : `Others can read the key: chmod 600 ${keyFile}`,
  };
}

async function databaseFinding(
  config: TelegraphistConfig,
  { baseFolder, env, logger, now }: DiagnosisOptions,
): Promise<Finding> {
  const subject = "database";
  const { database } = storagePaths({ config, baseFolder });
  try {
    const place = { config, baseFolder, env };
    const keys = await loadAppKeys(place);
    await using storage = await openStorageToLook(place, keys, { logger, now });
    const { ok, problem } = await storage.check({ deep: true });
    if (ok) await requireUsableKeys(storage, keys);
    const { damaged, unknown } = await storage.sealedRows.check();
    if (ok && damaged + unknown > 0) {
      const closed = `${database}, ${damaged + unknown} sealed row(s) do not open`;
      return { subject, state: "failed", detail: closed, advice: "See why: telegraphist key check" };
    }
    const sessions = await storage.sessions.list();
    const detail = ok ? `${database}, ${sessions.length} session(s)` : (problem ?? "unknown");
    const advice = ok ? null : "Restore the database from a copy, or move it away and log in again";
    return { subject, state: ok ? "ok" : "failed", detail, advice };
  } catch (thrown) {
    const action = `Cannot open database "${database}"`;
    const error = toTelegraphistError(thrown, { code: "STORAGE_FAILED", category: "STORAGE", action });
    return { subject, state: "failed", detail: error.code, advice: error.message };
  }
}

async function otlpFinding(config: TelegraphistConfig | null, options: DiagnosisOptions): Promise<Finding> {
  const subject = "OTLP receiver";
  const endpoint = config?.telemetry.otlpEndpoint ?? options.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined || endpoint === "") {
    const advice = "To see traces in Jaeger set telemetry.otlpEndpoint, such as http://127.0.0.1:4318";
    return { subject, state: "ok", detail: "none configured; traces stay in this process", advice };
  }
  try {
    const address = new URL("/v1/traces", endpoint);
    const body = JSON.stringify({ resourceSpans: [] });
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(options.timeoutMs ?? 3_000);
    const { status } = await fetch(address, { method: "POST", headers, body, signal });
    const isTaken = status < 400;
    const advice = isTaken ? null : "Is this the address of an OTLP/HTTP receiver (port 4318 by default)?";
    return { subject, state: isTaken ? "ok" : "warning", detail: `${endpoint} answers ${status}`, advice };
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown";
    const advice = "Start the receiver, or take telemetry.otlpEndpoint away; nothing else depends on it";
    return { subject, state: "warning", detail: `${endpoint} does not answer (${reason})`, advice };
  }
}
