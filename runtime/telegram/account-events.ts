import { type AccountRef, type EventName, parseEventId, type TelegraphistEvent } from "../contract/index.ts";
import { type AccountState, errorOf, isReachable, untilMsOf } from "./account-state.ts";

/** The events that a change of state is told by; most changes are told by none. */
export function eventsOfChange(
  account: AccountRef,
  before: AccountState,
  after: AccountState,
  isFirstConnect: boolean,
): readonly TelegraphistEvent[] {
  const events: TelegraphistEvent[] = [];
  if (wasTold(before) && !isReachable(after)) {
    const type = "account.disconnected";
    events.push({ ...base(account, type, after), reason: reasonOf(after), retryInMs: retryInMsOf(after) });
  }
  if (after.state === "online") {
    const { dataCentreId } = after;
    events.push({ ...base(account, "account.connected", after), dataCentreId, reconnected: !isFirstConnect });
  }
  if (after.state === "logged-out") {
    events.push({ ...base(account, "account.loggedOut", after), error: after.error });
  }
  return events;
}

/** Whether `account.connected` told of the connection. */
function wasTold({ state }: AccountState): boolean {
  return state === "online" || state === "frozen";
}

function base<Type extends EventName>(account: AccountRef, type: Type, { sinceMs }: AccountState) {
  const id = parseEventId(`${account.name}/${type}/${sinceMs}`);
  return { type, id, account, atMs: sinceMs, receivedAtMs: sinceMs };
}

function reasonOf(state: AccountState): string {
  return errorOf(state)?.message ?? state.state;
}

function retryInMsOf(state: AccountState): number | null {
  const untilMs = untilMsOf(state);
  return untilMs === null ? null : untilMs - state.sinceMs;
}
