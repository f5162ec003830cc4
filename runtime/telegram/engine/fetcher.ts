import type { Logger } from "../../../telemetry/index.ts";
import { type ChatId, type Clock, hasCode, peerKeyOf } from "../../contract/index.ts";
import type { UpdateState } from "../../storage/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import type { PeerContainer, PeerStore } from "../peers/peer-store.ts";
import type { RpcOptions, RpcPort } from "../rpc-port.ts";
import {
  accountDifference,
  accountMessages,
  channelDifference,
  channelMessages,
  type Difference,
  stateOf,
} from "./difference.ts";
import type { Fetch, FetchReason } from "./fetch-plan.ts";
import { channelPresent, firstState } from "./first-state.ts";
import { missedChats } from "./missed-chats.ts";
import { missedMessages } from "./missed-messages.ts";
import type { Target } from "./numbering.ts";
import { correctedPlace } from "./place.ts";
import type { Arrival, DueUpdate, UpdateOrder } from "./update-order.ts";

export interface FetcherOptions {
  readonly rpc: RpcPort;
  readonly peers: PeerStore;
  readonly order: UpdateOrder;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends every fetch. */
  readonly signal: AbortSignal;
  /** Brings what was fetched into the line. MUST resolve when it is kept, since the next slice is asked for then. */
  readonly apply: (from: PeerContainer, take: (order: UpdateOrder) => readonly DueUpdate[]) => Promise<void>;
  /** Told when Telegram had too much to tell and something was passed over. */
  readonly onSkip: (target: Target) => void;
}

export interface Fetched {
  /** The account cannot read the channel any more. */
  readonly isGone: boolean;
  readonly pollAfterMs: number | null;
}

/** What an ordinary account may ask for at once: core.telegram.org/method/updates.getChannelDifference. */
const channelLimit = 100;
/** A difference that never ends is given up, to be asked for again later. */
const maxSlices = 10_000;
const noPeers: PeerContainer = { users: [], chats: [] };

/** Fetches differences, slice after slice, each kept before the next is asked for. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #rpc: RpcOptions;

  constructor(options: FetcherOptions) {
    this.#options = options;
    // What people wrote goes before what plugins do about it.
    this.#rpc = { signal: options.signal, priority: "interactive" };
  }

  /** @throws {TelegraphistError} when it did not come; what came before stays kept */
  async fetch({ target, reason }: Fetch): Promise<Fetched> {
    const { apply, order } = this.#options;
    if (target === "account" && order.state === null) await this.#begin();
    await apply(noPeers, () => {
      order.hold(target);
      return [];
    });
    try {
      return await (target === "account" ? this.#fetchAccount(reason) : this.#fetchChannel(target));
    } finally {
      await apply(noPeers, () => order.release(target));
    }
  }

  /** An account without a past begins from Telegram's present. */
  async #begin(): Promise<void> {
    const { apply, order } = this.#options;
    const { account, channels } = await firstState(this.#options, this.#rpc);
    await apply(noPeers, () => {
      order.begin(account);
      for (const [chatId, pts] of channels) order.beginChannel(chatId, pts);
      return [];
    });
  }

  async #fetchAccount(reason: FetchReason): Promise<Fetched> {
    const { order } = this.#options;
    if (reason === "start") await this.#correctPlace();
    for (let slices = 0; slices < maxSlices; slices += 1) {
      const { state } = order;
      if (state === null) break;
      const difference = await this.#accountDifference(state);
      if (difference.isTooLong) await this.#refindAccount(state.date);
      await this.#fill("account", difference);
      if (difference.isFinal) break;
    }
    return { isGone: false, pollAfterMs: null };
  }

  /** Takes back what of the kept place Telegram has never come to: its difference may be empty, and say nothing of that. */
  async #correctPlace(): Promise<void> {
    const known = this.#options.order.state;
    const state = known && correctedPlace(known, await this.#present());
    if (state === null) return;
    this.#options.logger.warn("The account's place in the updates was none of Telegram's and is put right");
    const correction = { ...noPeers, updates: [], isFinal: false, isTooLong: false, pollAfterMs: null };
    await this.#fill("account", { ...correction, state });
  }

  async #present(): Promise<UpdateState> {
    return stateOf(await this.#options.rpc.invoke(new Api.updates.GetState(), this.#rpc));
  }

  /**
   * Reads from the chats what the account's difference had no room for. Each chat's messages are kept without a new state,
   * so that all are read again when this is cut short; the journal knows those that it has.
   */
  async #refindAccount(sinceDate: number): Promise<void> {
    const { apply, logger, onSkip } = this.#options;
    let [chats, messages, isWhole] = [0, 0, true];
    for await (const missed of missedChats(this.#options, sinceDate, this.#rpc)) {
      chats += 1;
      messages += missed.messages.length;
      isWhole &&= missed.isWhole;
      const arrival = this.#arrival("messages.Messages", accountMessages(missed.messages));
      await apply(missed, () => arrival.updates.map((update) => ({ update, arrival })));
    }
    // The difference would have named the channels that changed.
    await apply(noPeers, (order) => {
      order.announceChannels();
      return [];
    });
    logger.warn("An account's difference did not tell all: its new messages were read from its chats", {
      chats,
      messages,
    });
    if (!isWhole) onSkip("account");
  }

  async #accountDifference(before: UpdateState): Promise<Difference<UpdateState>> {
    const { pts, date, qts } = before;
    const request = new Api.updates.GetDifference({ pts, date, qts });
    try {
      return accountDifference(await this.#options.rpc.invoke(request, this.#rpc), before);
    } catch (error) {
      if (!isNoPlace(error)) throw error;
      // The kept state is none of this server's: all that can be done is to begin from its present.
      const state = await this.#present();
      return { ...noPeers, updates: [], state, isFinal: true, isTooLong: true, pollAfterMs: null };
    }
  }

  async #fetchChannel(chatId: ChatId): Promise<Fetched> {
    const { logger, onSkip, order, peers } = this.#options;
    const accessHash = (await peers.find(chatId))?.accessHash ?? null;
    if (accessHash === null) {
      logger.warn("A channel cannot be asked for what it missed, as it was only seen in passing");
      await this.#options.apply(noPeers, () => order.skip(chatId));
      onSkip(chatId);
      return { isGone: false, pollAfterMs: null };
    }
    const channelId = longOf(peerKeyOf(chatId).bareId);
    const channel = new Api.InputChannel({ channelId, accessHash: longOf(accessHash) });
    for (let slices = 0; slices < maxSlices; slices += 1) {
      const pts = order.channelPts(chatId);
      if (pts === null) break;
      try {
        const difference = await this.#channelDifference(channel, chatId, pts);
        await this.#fill(
          chatId,
          difference.isTooLong ? await this.#refound(channel, chatId, difference) : difference,
        );
        if (difference.isFinal) return { isGone: false, pollAfterMs: difference.pollAfterMs };
      } catch (error) {
        if (!hasCode(error, "CHANNEL_PRIVATE", "CHANNEL_INVALID", "USER_BANNED_IN_CHANNEL")) throw error;
        logger.info("The account no longer reads a channel", { error });
        await this.#options.apply(noPeers, () => {
          order.forget(chatId);
          return [];
        });
        return { isGone: true, pollAfterMs: null };
      }
    }
    return { isGone: false, pollAfterMs: null };
  }

  async #channelDifference(
    channel: Api.InputChannel,
    chatId: ChatId,
    pts: number,
  ): Promise<Difference<number>> {
    const { logger, rpc } = this.#options;
    const options = { ...this.#rpc, chatId };
    const filter = new Api.ChannelMessagesFilterEmpty();
    const request = new Api.updates.GetChannelDifference({ channel, filter, pts, limit: channelLimit });
    try {
      return channelDifference(await rpc.invoke(request, options), pts);
    } catch (error) {
      if (!isNoPlace(error)) throw error;
      const state = await channelPresent(rpc, channel, options);
      // A place that is not another would be refused again and again.
      if (state === null || state === pts) throw error;
      logger.warn("A channel's place in the updates was none of Telegram's and is put right");
      return { ...noPeers, updates: [], state, isFinal: false, isTooLong: true, pollAfterMs: null };
    }
  }

  /** Finds in the channel's history the messages that its difference had no room for. */
  async #refound(
    channel: Api.InputChannel,
    chatId: ChatId,
    difference: Difference<number>,
  ): Promise<Difference<number>> {
    const { logger, onSkip, order, rpc } = this.#options;
    const peer = new Api.InputPeerChannel(channel);
    const found = await missedMessages(rpc, peer, order.channelDate(chatId), this.#rpc);
    logger.warn("A channel's difference did not tell all: its new messages were read from its history", {
      messages: found.messages.length,
    });
    if (!found.isWhole) onSkip(chatId);
    return {
      ...difference,
      updates: channelMessages(found.messages),
      users: [...difference.users, ...found.users],
      chats: [...difference.chats, ...found.chats],
    };
  }

  #fill(target: Target, difference: Difference<UpdateState | number>): Promise<void> {
    const name = target === "account" ? "updates.Difference" : "updates.ChannelDifference";
    const arrival = this.#arrival(name, difference.updates);
    return this.#options.apply(difference, (order) => order.fill(target, difference, arrival));
  }

  /** Its time is that of the answer, which says nothing of when its updates happened. */
  #arrival(name: string, updates: readonly Api.TypeUpdate[]): Arrival {
    return { updates, date: null, seqStart: 0, seq: 0, name, receivedAtMs: this.#options.clock.now() };
  }
}

/** Whether Telegram says that a place in the updates is none of its own. */
function isNoPlace(error: unknown): boolean {
  return hasCode(error, "PERSISTENT_TIMESTAMP_INVALID", "PERSISTENT_TIMESTAMP_EMPTY");
}
