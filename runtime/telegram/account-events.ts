import {
  type AccountRef,
  type AccountStateChanged,
  type EventName,
  parseEventId,
  type TelegraphistEvent,
} from "../contract/index.ts";
import { type AccountState, errorOf, isReachable, untilMsOf } from "./account-state.ts";

/** A change of state, as it is told to who listens. */
export function changeOf(
  account: AccountRef,
  before: AccountState,
  after: AccountState,
): AccountStateChanged {
  return {
    ...base(account, "account.stateChanged", after),
    id: parseEventId(`${account.name}/account.stateChanged/${after.sinceMs}/${after.state}`),
    from: before.state,
    to: after.state,
    reason: errorOf(after)?.code ?? null,
    untilMs: untilMsOf(after),
  };
}

/** What plugins were told of an account's connection last. */
export type ToldConnection = "never" | "connected" | "lost";

/** What plugins know of the connection once the state was told. */
export function toldBy(state: AccountState, before: ToldConnection): ToldConnection {
  if (state.state === "online") return "connected";
  return before === "connected" && !isReachable(state) ? "lost" : before;
}

/** What plugins have to know of a state, be it later: that the connection is there, once, and lost, once; and the session's end. */
export function eventsOf(
  account: AccountRef,
  after: AccountState,
  told: ToldConnection,
): readonly TelegraphistEvent[] {
  const events: TelegraphistEvent[] = [];
  if (told === "connected" && !isReachable(after)) {
    const type = "account.disconnected";
    events.push({ ...base(account, type, after), reason: reasonOf(after), retryInMs: retryInMsOf(after) });
  }
  if (after.state === "online" && told !== "connected") {
    const { dataCentreId } = after;
    const reconnected = told === "lost";
    events.push({ ...base(account, "account.connected", after), dataCentreId, reconnected });
  }
  if (after.state === "logged-out") {
    events.push({ ...base(account, "account.loggedOut", after), error: after.error });
  }
  return events;
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
