import { rpcError } from "../errors.ts";
import { type Api, type MTProtoSender, RPCResult } from "../gramjs.ts";
import { tlMethodName } from "../method-name.ts";
import { QuickReader } from "./quick-reader.ts";
import { handleMessages, internalsOf } from "./sender-internals.ts";

interface RpcResult {
  readonly reqMsgId: Api.long;
  /** Absent when `error` is there. */
  readonly body: Buffer;
  readonly error: Api.RpcError | undefined;
}

/**
 * Cures G7 and the late half of G5: GramJS makes of an `rpc_error` one of 60 classes that forget Telegram's own name, so
 * that its own branches on it never match; and it writes the answer of a request that it has forgotten into its log.
 * Here an error is rejected with code and name as they came, and a late answer is dropped unread.
 */
export function answerByCode(sender: MTProtoSender): void {
  const { _pendingState: pending } = internalsOf(sender);
  handleMessages<RpcResult>(sender, RPCResult, ({ obj: { reqMsgId, body, error } }) => {
    const state = pending.getAndDelete(reqMsgId);
    if (state === undefined) return;
    if (error !== undefined) {
      const method = tlMethodName(state.request.className);
      state.reject(rpcError({ rpcCode: error.errorCode, text: error.errorMessage, method }));
      return;
    }
    try {
      state.resolve(state.request.readResult(new QuickReader(body)));
    } catch (unreadable) {
      state.reject(unreadable);
    }
  });
}
