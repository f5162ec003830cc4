import type { TelegraphistError } from "../../contract/index.ts";
import { connectionLost, messageRefused } from "../errors.ts";
import { Api, type MTProtoSender } from "../gramjs.ts";
import { secondsOf } from "./keep-message-time.ts";
import { handleMessages, internalsOf } from "./sender-internals.ts";

type Refusal = Pick<Api.BadMsgNotification, "badMsgId" | "errorCode">;

/** Codes of `bad_msg_notification`. Source: core.telegram.org/mtproto/service_messages_about_messages. */
const tooLow = 16;
const tooHigh = 17;
const tooOld = 20;
/** A message whose time is that near to the server's own is as right as it can be made. */
const agreedSeconds = 15;

/**
 * Cures what is not in the list of defects: GramJS sends a message that was refused for its time again and again, as
 * fast as the network goes, when the ids of the server are no measure of its clock, as after that was set back; and it
 * guesses at sequence numbers. Here a message is corrected by the server's time where that can help. Where it cannot,
 * what was refused fails, and so does the session: the next one begins with a right time and number.
 */
export function heedRefusals(sender: MTProtoSender, onEnd: (reason: TelegraphistError) => void): void {
  const internals = internalsOf(sender);
  handleMessages<Refusal>(sender, Api.BadMsgNotification, ({ msgId, obj: { badMsgId, errorCode } }) => {
    const refused = internals._popStates(badMsgId);
    const offSeconds = Math.abs(secondsOf(msgId) - secondsOf(badMsgId));
    if ((errorCode === tooLow || errorCode === tooHigh) && offSeconds > agreedSeconds) {
      internals._state.updateTimeOffset(msgId);
      internals._sendQueue.extend(refused);
      // As with a first send: one must not fail for another.
      for (const state of refused) state.after = undefined;
      return;
    }
    // Of one that is too old the server no longer knows whether it came before.
    const reason =
      errorCode === tooOld ? connectionLost("a message came too late") : messageRefused(errorCode);
    for (const state of refused) state.reject(reason);
    onEnd(reason);
  });
}
