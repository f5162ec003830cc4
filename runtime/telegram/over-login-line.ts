import type { Clock, TelegraphistError } from "../contract/index.ts";
import type { HeldSession } from "./held-session.ts";
import { LoginLine } from "./login-line.ts";
import type { RpcClient } from "./rpc-client.ts";
import type { AccountSession } from "./session.ts";

export interface LoginLineUser {
  readonly held: HeldSession;
  readonly rpc: RpcClient;
  /** Told the line that calls go over from now on; `null` when there is none any more. */
  readonly onLine: (line: LoginLine | null) => void;
  /** Resolves when what was learned over the line is kept. */
  readonly idle: () => Promise<void>;
  readonly clock: Pick<Clock, "sleep">;
  /** Told Telegram's word that the session is over, once that is stored. */
  readonly onEnd: (error: TelegraphistError) => Promise<void>;
}

/** Time for it; without a journal, events wait for plugins that may never subscribe. */
const idleTimeoutMs = 1_000;

/**
 * Runs the function with what makes a line for an account that is not started. The session is held meanwhile; afterwards
 * no connection is left, and a session that Telegram has ended is stored as such.
 */
export async function overLoginLine<T>(
  { clock, held, idle, onEnd, onLine, rpc }: LoginLineUser,
  signal: AbortSignal | undefined,
  run: (makeLine: (session: AccountSession) => LoginLine) => Promise<T>,
): Promise<T> {
  await held.take(signal);
  const { hold } = held;
  const made: LoginLine[] = [];
  const makeLine = (session: AccountSession): LoginLine => {
    held.adopt(session);
    const line = new LoginLine({ session, rpc, open: (...rest) => held.open(session, ...rest) });
    made.push(line);
    onLine(line);
    return line;
  };
  let hasFailed = true;
  try {
    const outcome = await run(makeLine);
    hasFailed = false;
    return outcome;
  } finally {
    onLine(null);
    for (const line of made) await line.close();
    // The right to write of the session goes with it.
    const late = new AbortController();
    const sleeping = clock.sleep(idleTimeoutMs, { signal: late.signal }).catch(() => undefined);
    await Promise.race([idle(), sleeping]);
    late.abort();
    // What a key heard before it was logged in is no end.
    const end = hasFailed ? (made.at(-1)?.end ?? null) : null;
    if (end !== null) await held.end();
    await hold.release();
    if (end !== null) await onEnd(end);
  }
}
