import { stat } from "node:fs/promises";
import type { TelegraphistConfig } from "../../config/index.ts";
import type { Logger } from "../../telemetry/index.ts";
import { hasCode, toTelegraphistError } from "../contract/index.ts";
import { readKernelLevel } from "../sandbox/index.ts";
import type { SealedCheck } from "../storage/index.ts";
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

/** The subject of the finding about the database: where it has failed, nothing may be written to that. */
export const databaseSubject = "database";

const oldestBun = "1.4.5";

/** Looks at the machine and the installation. Nothing is changed, save that a first look makes the key and database. */
export async function diagnose(options: DiagnosisOptions): Promise<readonly Finding[]> {
  const { config } = options;
  return [
    bunFinding(Bun.version),
    await kernelFinding(),
    ...(config === null
      ? []
      : [await keyFinding(config, options), ...(await databaseFindings(config, options))]),
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

async function databaseFindings(
  config: TelegraphistConfig,
  { baseFolder, env, logger, now }: DiagnosisOptions,
): Promise<readonly Finding[]> {
  const { database } = storagePaths({ config, baseFolder });
  const failed = { subject: databaseSubject, state: "failed" } as const;
  const ofDamage =
    `Stop the program and restore a backup; without one, "sqlite3 ${database} .recover | sqlite3 saved.sqlite" ` +
    "saves what can be read, and PRAGMA foreign_key_check names rows that refer to nothing";
  try {
    const place = { config, baseFolder, env };
    const keys = await loadAppKeys(place);
    await using storage = await openStorageToLook(place, keys, { logger, now });
    // Nothing else is read of a database that is damaged.
    const { ok, problem = "unknown" } = await storage.check({ deep: true });
    if (!ok) return [{ ...failed, detail: `${database}: ${problem}`, advice: ofDamage }];
    await requireUsableKeys(storage, keys);
    const sessions = await storage.sessions.list();
    const detail = `${database}, ${sessions.length} session(s)`;
    return [
      { subject: databaseSubject, state: "ok", detail, advice: null },
      ...sealedFindings(await storage.sealedRows.check()),
    ];
  } catch (thrown) {
    const action = `Cannot open database "${database}"`;
    const error = toTelegraphistError(thrown, { code: "STORAGE_FAILED", category: "STORAGE", action });
    const advice = hasCode(error, "STORAGE_CORRUPT") ? ofDamage : error.message;
    return [{ ...failed, detail: error.code, advice }];
  }
}

function sealedFindings({ opened, damaged, unknown }: SealedCheck): readonly Finding[] {
  const closed = damaged + unknown;
  if (closed === 0) return [];
  const detail = `${closed} of ${opened + closed} do not open`;
  return [{ subject: "sealed rows", state: "failed", detail, advice: "See why: telegraphist key check" }];
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
