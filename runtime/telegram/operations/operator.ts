import { type CallOptions, type Clock, type Message, TelegraphistError } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { isStored, mapMessage, type StoredMessage } from "../mapping/message.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { secondsOfMs } from "../mapping/seconds.ts";
import { mapWithPeers } from "../peers/map-with-peers.ts";
import type { PeerResolver } from "../peers/peer-resolver.ts";
import type { PeerContainer } from "../peers/peer-store.ts";
import type { RpcPort } from "../rpc-port.ts";
import { CallTime } from "./call-time.ts";
import type { SentMessages } from "./sent-messages.ts";

export interface OperatorOptions {
  readonly rpc: RpcPort;
  readonly peers: PeerResolver;
  readonly clock: Clock;
  readonly sentMessages: SentMessages;
  /**
   * Takes the updates that come as the answer of a call. MUST bring them to the account's translator in order with the
   * pushed ones, which makes `message.sent` of what the account itself sends.
   */
  readonly onUpdates: (updates: Api.TypeUpdates) => void;
}

/** What the operations share: the way to Telegram, the known peers, and the reading of answers. */
export class Operator {
  readonly rpc: RpcPort;
  readonly peers: PeerResolver;
  readonly clock: Clock;
  readonly sentMessages: SentMessages;
  readonly publish: (updates: Api.TypeUpdates) => void;

  constructor(options: OperatorOptions) {
    this.rpc = options.rpc;
    this.peers = options.peers;
    this.clock = options.clock;
    this.sentMessages = options.sentMessages;
    this.publish = options.onUpdates;
  }

  /** Starts the time of a call. @param fallbackMs the time of a call that names none, default 60_000 */
  begin(options: CallOptions = {}, fallbackMs?: number): CallTime {
    return new CallTime(options, () => this.clock.now(), fallbackMs);
  }

  /** Publishes what a call did, where Telegram answers by its numbers alone. */
  publishOne(update: Api.TypeUpdate): void {
    this.publish(new Api.UpdateShort({ update, date: secondsOfMs(this.clock.now()) }));
  }

  /** Takes in who came with an answer, and maps the answer. */
  async read<T>(answer: PeerContainer, map: (view: PeerView) => T): Promise<T> {
    await this.peers.store.remember(answer);
    return mapWithPeers({ store: this.peers.store, selfId: this.rpc.account.userId }, map);
  }

  /** The messages of an answer, without those that are gone. */
  messages(answer: PeerContainer & { readonly messages: readonly Api.TypeMessage[] }): Promise<Message[]> {
    const stored = answer.messages.filter(isStored);
    return this.read(answer, (view) => stored.map((message) => mapMessage(message, view)));
  }

  /**
   * Publishes the answer of a send, and returns the messages that it made, in the order of the random ids.
   *
   * @throws {TelegraphistError} `TELEGRAM_ANSWER_UNREADABLE` when a message is not in the answer
   */
  async sent(answer: Api.TypeUpdates, randomIds: readonly string[]): Promise<Message[]> {
    this.publish(answer);
    if (!(answer instanceof Api.Updates || answer instanceof Api.UpdatesCombined)) throw unreadable(answer);
    const numbers = new Map<string, number>();
    const byNumber = new Map<number, StoredMessage>();
    for (const update of answer.updates) {
      if (update instanceof Api.UpdateMessageID) numbers.set(String(update.randomId), update.id);
      const message = messageIn(update);
      if (message !== null) byNumber.set(message.id, message);
    }
    const found = randomIds.map((randomId) => {
      const message = byNumber.get(numbers.get(randomId) ?? 0);
      if (message === undefined) throw unreadable(answer);
      return message;
    });
    return this.read(answer, (view) => found.map((message) => mapMessage(message, view)));
  }
}

/** The error of an answer that lacks what the method promises. */
export function unreadable(answer: { readonly className: string }): TelegraphistError {
  return new TelegraphistError({
    code: "TELEGRAM_ANSWER_UNREADABLE",
    category: "INTERNAL",
    message: `Cannot read Telegram's answer as it lacks what was asked for: received "${answer.className}"`,
  });
}

function messageIn(update: Api.TypeUpdate): StoredMessage | null {
  const isNew =
    update instanceof Api.UpdateNewMessage ||
    update instanceof Api.UpdateNewChannelMessage ||
    update instanceof Api.UpdateNewScheduledMessage;
  return isNew && isStored(update.message) ? update.message : null;
}
