import type { HeldSession } from "./held-session.ts";
import { LoginLine } from "./login-line.ts";
import type { RpcClient } from "./rpc-client.ts";
import type { AccountSession } from "./session.ts";

export interface LoginLineUser {
  readonly held: HeldSession;
  readonly rpc: RpcClient;
  /** Told the line that calls go over from now on; `null` when there is none any more. */
  readonly onLine: (line: LoginLine | null) => void;
}

/**
 * Runs the function with what makes a line for an account that is not started. The session is held meanwhile; afterwards
 * no connection is left.
 */
export async function overLoginLine<T>(
  { held, onLine, rpc }: LoginLineUser,
  signal: AbortSignal | undefined,
  run: (makeLine: (session: AccountSession) => LoginLine) => Promise<T>,
): Promise<T> {
  await held.take(signal);
  const { hold } = held;
  const made = new Set<LoginLine>();
  const makeLine = (session: AccountSession): LoginLine => {
    held.adopt(session);
    const line = new LoginLine({ session, rpc, open: (...rest) => held.open(session, ...rest) });
    made.add(line);
    onLine(line);
    return line;
  };
  try {
    return await run(makeLine);
  } finally {
    onLine(null);
    for (const line of made) await line.close();
    await hold.release();
  }
}
