import { Api, type MTProtoSender, RequestState } from "../gramjs.ts";
import { longBytes } from "./quick-reader.ts";
import { internalsOf } from "./sender-internals.ts";

/** Far below the 8192 that one `msgs_ack` may hold (core.telegram.org/mtproto/service_messages_about_messages). */
const maxPendingAcks = 256;
const vectorId = 0x1cb5c415;

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
        internals._sendQueue.append(new RequestState(new QuickAck({ msgIds: [...this] })));
        this.clear();
      }
      return this;
    }
  })();
}

/** `msgs_ack#62d6b459 msg_ids:Vector<long>`: a listener acknowledges every message, so that the ids' bytes count. */
class QuickAck extends Api.MsgsAck {
  override getBytes(): Buffer {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(Api.MsgsAck.CONSTRUCTOR_ID, 0);
    head.writeUInt32LE(vectorId, 4);
    head.writeUInt32LE(this.msgIds.length, 8);
    return Buffer.concat([head, ...this.msgIds.map(longBytes)]);
  }
}
