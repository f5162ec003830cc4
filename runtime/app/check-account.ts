import type { CheckReport } from "../admin/index.ts";
import { hasCode, parseAccountName, toTelegraphistError } from "../contract/index.ts";
import type { AccountPool } from "../telegram/index.ts";

/** As a ping has. */
const timeoutMs = 10_000;

/**
 * Looks whether an account can be used now: it is connected, and Telegram answers its session.
 *
 * @throws {TelegraphistError} `POOL_UNKNOWN_ACCOUNT`
 */
export async function checkAccount(
  accounts: Pick<AccountPool, "acquire">,
  account: string,
): Promise<CheckReport> {
  const name = parseAccountName(account);
  try {
    const fit = await accounts.acquire(name);
    // A session that is over has its pings answered all the same.
    await fit.telegram.invoke("updates.getState", {}, { timeoutMs, priority: "interactive" });
    return { account, isFit: true, latencyMs: fit.health().latencyMs, error: null };
  } catch (thrown) {
    if (hasCode(thrown, "POOL_UNKNOWN_ACCOUNT")) throw thrown;
    const action = `Cannot look at the account "${name}"`;
    const failed = toTelegraphistError(thrown, { code: "ACCOUNT_UNCHECKED", category: "NETWORK", action });
    const { code, category, message } = failed;
    return { account, isFit: false, latencyMs: null, error: { code, category, message } };
  }
}
