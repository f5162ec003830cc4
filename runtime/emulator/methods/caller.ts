import type { TlObject, TlValue } from "../tl/value.ts";
import type { Person } from "../world/person.ts";
import { type CallingSession, UpdateBatch } from "../world/update-batch.ts";
import type { WorldState } from "../world/world-state.ts";
import type { RpcCall, RpcHandler, RpcHandlers } from "./rpc.ts";

/** A signed-in session that calls. */
export interface Caller extends CallingSession {
  readonly person: Person;
  readonly call: RpcCall;
}

export type SignedInHandler = (request: TlObject, caller: Caller) => TlValue;

/** Methods that want a login: without one they answer 401. */
export function forSignedIn(
  state: WorldState,
  handlers: Readonly<Record<string, SignedInHandler>>,
): RpcHandlers {
  const guarded = (handler: SignedInHandler): RpcHandler => {
    return (request, call) => handler(request, callerOf(state, call));
  };
  return Object.fromEntries(Object.entries(handlers).map(([method, handler]) => [method, guarded(handler)]));
}

/** Runs a change, pushes what it made to everyone else, and answers with the caller's part. */
export function change<Result>(
  state: WorldState,
  caller: Caller,
  run: (batch: UpdateBatch) => Result,
): { readonly result: Result; updates(before?: readonly TlObject[]): TlObject } {
  const batch = new UpdateBatch(state);
  const result = run(batch);
  batch.commit(caller);
  return { result, updates: (before) => batch.answer(caller.person.id, before) };
}

function callerOf(state: WorldState, call: RpcCall): Caller {
  const { userId } = state.authorizations.require(call, state.nowS());
  return { person: state.person(userId), call, authKeyId: call.authKeyId, sessionId: call.sessionId };
}
