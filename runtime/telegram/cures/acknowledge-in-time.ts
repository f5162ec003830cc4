import { Api, type MTProtoSender, RequestState } from "../gramjs.ts";
import { internalsOf } from "./sender-internals.ts";

/** Far below the 8192 that one `msgs_ack` may hold (core.telegram.org/mtproto/service_messages_about_messages). */
const maxPendingAcks = 256;

/**
 * Cures a defect of GramJS's own: acknowledgements leave only beside a request, and all at once as the arguments of one
 * call, so that a connection which mostly listens overflows the stack at the first ping after 65,535 updates, and stops.
 */
export function acknowledgeInTime(sender: MTProtoSender): void {
  const internals = internalsOf(sender);
  internals._pendingAck = new (class extends Set<Api.long> {
    override add(messageId: Api.long): this {
      super.add(messageId);
      if (this.size >= maxPendingAcks) {
        internals._sendQueue.append(new RequestState(new Api.MsgsAck({ msgIds: [...this] })));
        this.clear();
      }
      return this;
    }
  })();
}
