import type { TlObject } from "../tl/value.ts";
import type { WorldState } from "../world/world-state.ts";

export function stateView(state: WorldState, pts: number): TlObject {
  return { _: "updates.state", pts, qts: 0, date: state.nowS(), seq: 0, unread_count: 0 };
}
