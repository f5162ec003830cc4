import type { MTProtoSender } from "../gramjs.ts";
import { internalsOf } from "./sender-internals.ts";

/**
 * Cures G16: GramJS reconnects every second for ever, without chance or reason, under requests whose fate it does not
 * know. Here a broken connection is reported once and stays broken; whoever holds it opens another.
 */
export function reportBrokenConnection(sender: MTProtoSender, onBroken: () => void): void {
  sender.reconnect = () => {
    if (sender.isReconnecting) return;
    // Ends the send and receive loops, which ask for it on each round.
    sender.isReconnecting = true;
    onBroken();
  };
}

/** Settles every request that the sender still has, sent or not, and lets its send loop end. */
export function failAllRequests(sender: MTProtoSender, reason: unknown): void {
  const { _pendingState: pending, _sendQueue: queue } = internalsOf(sender);
  const waiting = [...pending.values(), ...queue._queue];
  queue._queue = [];
  for (const state of waiting) {
    if (state === undefined) continue;
    if (state.msgId !== undefined) pending.delete(state.msgId);
    // Acknowledgements stand here too, and nobody waits for one.
    state.promise?.catch(() => undefined);
    state.reject(reason);
  }
  // The send loop sleeps until something is in its queue; an empty entry wakes it and is skipped.
  queue.append(undefined);
}
