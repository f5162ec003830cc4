import bigInt from "big-integer";
import type { Api, MTProtoSender } from "../gramjs.ts";
import { internalsOf } from "./sender-internals.ts";

/**
 * Cures what is not in the list of defects: GramJS makes message ids of the machine's clock, so that the server takes
 * none after it was set, until they are corrected by a time in whole seconds of the same clock. Here they follow the
 * clock that is given, which is not set back.
 *
 * @param now in milliseconds
 */
export function keepMessageTime(sender: MTProtoSender, now: () => number): void {
  const state = internalsOf(sender)._state;
  let last = 0n;
  state._getNewMsgId = () => {
    const byClock = BigInt(Math.floor((now() / 1000 + state.timeOffset) * 1000)) << 32n;
    const next = (byClock / 1000n) & ~3n;
    last = next > last ? next : last + 4n;
    return bigInt(last);
  };
  state.updateTimeOffset = (serverMessageId) => {
    state.timeOffset = secondsOf(serverMessageId) - now() / 1000;
    // The right ids may be lower than those which were refused.
    last = 0n;
    return state.timeOffset;
  };
}

/** When a message was made, in seconds since 1970. Source: core.telegram.org/mtproto/description#message-identifier-msg-id. */
export function secondsOf(messageId: Api.long): number {
  return messageId.shiftRight(32).toJSNumber();
}
