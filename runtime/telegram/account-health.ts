import type { AccountParts } from "./account-parts.ts";
import { type AccountHealth, errorOf } from "./account-state.ts";
import type { Supervisor } from "./supervisor.ts";

/** What an account's health is made of. */
export interface Examined extends Pick<AccountHealth, "name" | "state" | "lastUsedAtMs"> {
  readonly parts: Pick<AccountParts, "engine" | "gate" | "others" | "rpc">;
  /** `null` before the first start. */
  readonly supervisor: Supervisor | null;
}

/** How well an account is. */
export function healthOf({ lastUsedAtMs, name, parts, state, supervisor }: Examined): AccountHealth {
  const { engine, gate, others, rpc } = parts;
  return {
    ...{ name, state, lastUsedAtMs },
    latencyMs: supervisor?.pulse.latencyMs ?? null,
    otherConnections: others.size,
    reconnects: supervisor?.reconnects ?? 0,
    lastHeardAtMs: supervisor?.pulse.lastHeardAtMs ?? null,
    failuresInRow: rpc.failuresInRow,
    lastUpdateAtMs: engine.lastUpdateAtMs,
    lastError: errorOf(state) ?? supervisor?.lastError?.toJSON() ?? null,
    waits: gate.waits(),
    callsWaiting: gate.callsWaiting,
  };
}
