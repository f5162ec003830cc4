import type { MTProtoSender, RequestState } from "../gramjs.ts";
import { internalsOf } from "./sender-internals.ts";

/**
 * Cures G5: a request in GramJS has no deadline and cannot be taken back, so that its state stays for ever and is sent
 * again after each reconnect. This removes it, sent or not, and settles it with the reason.
 */
export function forgetRequest(sender: MTProtoSender, state: RequestState, reason: unknown): void {
  const { _pendingState: pending, _sendQueue: queue } = internalsOf(sender);
  if (state.msgId !== undefined) pending.delete(state.msgId);
  queue._queue = queue._queue.filter((queued) => queued !== state);
  state.reject(reason);
}
