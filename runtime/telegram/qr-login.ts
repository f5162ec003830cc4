import { span, spanNames } from "../../telemetry/index.ts";
import type { Clock } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import type { ApiIdentity } from "./connection.ts";
import { Api } from "./gramjs.ts";
import { movedInCircle, notScanned, userOf } from "./login-outcome.ts";
import { type LoginPort, maxMoves } from "./login-port.ts";
import type { QrPrompts } from "./login-prompts.ts";
import { orSelf } from "./lost-answer.ts";
import { orPassword } from "./password-step.ts";

/** A code is shown for half a minute at most, so ten minutes or more in all. */
const maxCodes = 20;
/** Before a code ends the next one is there. */
const marginMs = 2_000;
/** Bounds for how long a code is shown, as the server's clock may be another than ours. */
const shortestMs = 5_000;
const longestMs = 28_000;

/**
 * Logs an account in by a code that another device of the person scans (core.telegram.org/api/qr-login).
 *
 * @throws {TelegraphistError} `LOGIN_NOT_SCANNED` after twenty codes, `LOGIN_IN_CIRCLE`, `PASSWORD_HASH_INVALID`, and
 * Telegram's own names
 */
export function logInByQr(
  port: LoginPort,
  prompts: QrPrompts,
  api: ApiIdentity,
  clock: Clock,
): Promise<Api.User> {
  const signal = prompts.signal ?? new AbortController().signal;
  return span(spanNames.login, { root: true }, () =>
    orPassword(port, prompts, signal, () =>
      orSelf(port, signal, "AUTH_KEY_UNREGISTERED", () => waitForScan(port, prompts, { api, clock, signal })),
    ),
  );
}

interface ScanStep {
  readonly api: ApiIdentity;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function waitForScan(port: LoginPort, prompts: QrPrompts, step: ScanStep): Promise<Api.User> {
  const { api, clock, signal } = step;
  for (let codes = 0; codes <= maxCodes; codes += 1) {
    // The news of a scan may come before the answer that shows the code.
    const scanned = port.nextScan();
    const request = new Api.auth.ExportLoginToken({ apiId: api.id, apiHash: api.hash, exceptIds: [] });
    const answer = await followed(port, await port.invoke(request, signal), signal);
    if (answer instanceof Api.auth.LoginTokenSuccess) return userOf(answer.authorization);
    const leftMs = answer.expires * 1000 - clock.now() - marginMs;
    const shownMs = Math.min(Math.max(leftMs, shortestMs), longestMs);
    const url = `tg://login?token=${Buffer.from(answer.token).toString("base64url")}`;
    prompts.showQr({ url, validUntilMs: clock.now() + shownMs });
    await scannedOrOver(scanned, shownMs, step);
  }
  throw notScanned();
}

/** Goes where the person is at home. */
async function followed(
  port: LoginPort,
  first: Api.auth.TypeLoginToken,
  signal: AbortSignal,
): Promise<Exclude<Api.auth.TypeLoginToken, Api.auth.LoginTokenMigrateTo>> {
  let answer = first;
  for (let moves = 0; answer instanceof Api.auth.LoginTokenMigrateTo; moves += 1) {
    if (moves >= maxMoves) throw movedInCircle();
    const { dcId, token } = answer;
    await port.moveTo(dcId);
    answer = await port.invoke(new Api.auth.ImportLoginToken({ token }), signal);
  }
  return answer;
}

async function scannedOrOver(
  scanned: Promise<void>,
  shownMs: number,
  { clock, signal }: ScanStep,
): Promise<void> {
  const over = new AbortController();
  const sleeping = clock.sleep(shownMs, { signal: AbortSignal.any([signal, over.signal]) });
  // After the scan nobody waits for it any more.
  sleeping.catch(() => undefined);
  try {
    await orAborted(Promise.race([scanned, sleeping]), signal);
  } finally {
    over.abort();
  }
}
