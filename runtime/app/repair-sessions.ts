import { hasCode, toTelegraphistError } from "../contract/index.ts";
import type { AccountRepair } from "../telegram/index.ts";
import type { Finding } from "./diagnose.ts";
import type { Sessions } from "./sessions.ts";

const placeNotes: Readonly<Record<AccountRepair["place"], readonly string[]>> = {
  right: [],
  begun: ["it had no place in the updates, which is now Telegram's present"],
  corrected: [
    "its place in the updates was ahead of Telegram's: the next start reads from the chats what was missed",
  ],
};

/**
 * Verifies every session that is not over and puts right what is kept beside it; one that fails holds up no other. What
 * a running program has is that program's to mend: it does so at each start, and each time it connects.
 */
export async function repairSessions(sessions: Sessions): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { account, state } of await sessions.list()) {
    const subject = `session ${account}`;
    if (state === "logged-out") {
      const advice = `Log in anew: telegraphist login ${account}`;
      findings.push({ subject, state: "warning", detail: "it is over", advice });
      continue;
    }
    try {
      const { endedSessions, place, restrictions } = await sessions.repair(account);
      const done = [
        "the session is good; people and chats are learned anew",
        ...(endedSessions > 0 ? ["what was left of a renewal is ended"] : []),
        ...placeNotes[place],
      ];
      const isFree = restrictions.length === 0;
      findings.push({
        subject,
        state: isFree ? "ok" : "warning",
        detail: [...done, ...(isFree ? [] : ["Telegram restricts the account"])].join("; "),
        advice: isFree ? null : restrictions.join("; "),
      });
    } catch (thrown) {
      const action = `Cannot repair the session of "${account}"`;
      const error = toTelegraphistError(thrown, { code: "REPAIR_FAILED", category: "INTERNAL", action });
      const isInUse = hasCode(error, "LEASE_HELD");
      findings.push({
        ...{ subject, state: isInUse ? "warning" : "failed", detail: error.code },
        advice: error.message,
      });
    }
  }
  return findings;
}
