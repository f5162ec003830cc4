import { Api, type MTProtoSender, RequestState } from "../gramjs.ts";
import { internalsOf } from "./sender-internals.ts";

/** Far below the 8192 that one `msgs_ack` may hold (core.telegram.org/mtproto/service_messages_about_messages). */
const maxPendingAcks = 256;

/**
 * Cures a defect of GramJS's own: acknowledgements leave only beside a request, and then all in one message, however many
 * they are. A connection that mostly listens gets its messages again, and exceeds what one acknowledgement may hold.
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
