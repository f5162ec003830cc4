import type { Api, MTProtoSender, RequestState } from "../gramjs.ts";

/** A message as GramJS hands it to the function that handles its constructor. */
export interface ReceivedMessage<Body> {
  readonly msgId: Api.long;
  readonly obj: Body;
}

type MessageHandler = (message: ReceivedMessage<never>) => Promise<void> | void;

/** The private parts of GramJS's sender that its cures reach into, as they are in npm `telegram` 2.26.22. */
export interface SenderInternals {
  /** What handles a message, by the constructor id in decimal. */
  readonly _handlers: Record<string, MessageHandler>;
  /** Takes back what was sent under the id, or in the container of that id. */
  _popStates(messageId: Api.long): RequestState[];
  _processMessage(message: ReceivedMessage<unknown>): Promise<void>;
  readonly _pendingState: {
    set(messageId: Api.long, state: RequestState): void;
    getAndDelete(messageId: Api.long): RequestState | undefined;
    delete(messageId: Api.long): void;
    values(): RequestState[];
  };
  readonly _sendQueue: {
    _queue: (RequestState | undefined)[];
    append(state: RequestState | undefined): void;
    extend(states: readonly RequestState[]): void;
  };
  readonly _state: {
    /** The session's id, and the server's salt for it. */
    readonly id: Api.long;
    readonly salt: Api.long;
    /** How far the server's time is ahead of this side's, in seconds. */
    timeOffset: number;
    _getNewMsgId(): Api.long;
    updateTimeOffset(serverMessageId: Api.long): number;
    encryptMessageData(data: Buffer): Promise<Buffer>;
    decryptMessageData(body: Buffer): Promise<unknown>;
  };
  _pendingAck: Set<Api.long>;
}

/** Opens a sender's private parts. */
export function internalsOf(sender: MTProtoSender): SenderInternals {
  // The version is pinned, and the fields above are those that its `MTProtoSender.js` assigns in the constructor.
  return sender as unknown as SenderInternals;
}

/** Takes the place of GramJS's handler of one constructor; the handler MUST name that constructor's fields. */
export function handleMessages<Body>(
  sender: MTProtoSender,
  type: { readonly CONSTRUCTOR_ID: number },
  handle: (message: ReceivedMessage<Body>) => Promise<void> | void,
): void {
  internalsOf(sender)._handlers[type.CONSTRUCTOR_ID.toString()] = handle;
}
