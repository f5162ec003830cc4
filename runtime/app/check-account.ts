import type { CheckReport } from "../admin/index.ts";
import { hasCode, parseAccountName, toTelegraphistError } from "../contract/index.ts";
import type { AccountPool } from "../telegram/index.ts";

/**
 * Looks whether an account can be used now.
 *
 * @throws {TelegraphistError} `POOL_UNKNOWN_ACCOUNT`
 */
export async function checkAccount(
  accounts: Pick<AccountPool, "acquire">,
  account: string,
): Promise<CheckReport> {
  const name = parseAccountName(account);
  try {
    const { latencyMs } = (await accounts.acquire(name)).health();
    return { account, isFit: true, latencyMs, error: null };
  } catch (thrown) {
    if (hasCode(thrown, "POOL_UNKNOWN_ACCOUNT")) throw thrown;
    const action = `Cannot look at the account "${name}"`;
    const failed = toTelegraphistError(thrown, { code: "ACCOUNT_UNCHECKED", category: "NETWORK", action });
    const { code, category, message } = failed;
    return { account, isFit: false, latencyMs: null, error: { code, category, message } };
  }
}
