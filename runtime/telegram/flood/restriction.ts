import { TelegraphistError } from "../../contract/index.ts";
import { isRestriction, type Restriction } from "./flood-table.ts";

/** What a person has to know of a restriction, and do about it. */
export const restrictionHint: Readonly<Record<Restriction, string>> = {
  unsolicited:
    "Telegram takes the account for a spammer: nothing goes to people who have not written first; look at @SpamBot",
  writes: "Telegram has frozen the account: nothing is changed any more; appeal in an official app",
};

/** The hints for what restricts an account among its waits, each once. */
export function restrictionHints(waits: readonly { readonly method: string }[]): readonly string[] {
  const methods = new Set(waits.map(({ method }) => method));
  return [...methods].filter(isRestriction).map((method) => restrictionHint[method]);
}

/** The error of a call that is not made, as it would make things worse; coded as Telegram's own. */
export function restricted(restriction: Restriction, method: string, leftMs: number): TelegraphistError {
  const seconds = Math.ceil(leftMs / 1000);
  const [code, reason] =
    restriction === "unsolicited"
      ? ["PEER_FLOOD", "Telegram took the account for a spammer"]
      : ["FROZEN_METHOD_INVALID", "Telegram has frozen the account"];
  return new TelegraphistError({
    code,
    category: "FLOOD_BLOCK",
    message: `Cannot call "${method}" as ${reason}: ${seconds} s left to rest`,
    data: { method, waitMs: leftMs, restriction },
  });
}

/** For how long nothing is changed, and why. */
export interface Freeze {
  readonly error: TelegraphistError;
  /** The next change then finds out whether it is over. */
  readonly untilMs: number;
}

/** What is known of a frozen account without a call, coded as Telegram's own. */
export function accountFrozen(untilMs: number): Freeze {
  const error = new TelegraphistError({
    code: "FROZEN_METHOD_INVALID",
    category: "FLOOD_BLOCK",
    message: `Cannot change anything: ${restrictionHint.writes}`,
  });
  return { error, untilMs };
}
