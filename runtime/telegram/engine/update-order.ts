import type { ChatId } from "../../contract/index.ts";
import type { ChannelState, UpdateState, UpdateStateChange } from "../../storage/index.ts";
import { Api } from "../gramjs.ts";
import { chatIdOfChannel } from "../mapping/peer-id.ts";
import type { UnpackedUpdates } from "../updates/unpack-updates.ts";
import { Box } from "./box.ts";
import type { Difference } from "./difference.ts";
import { placeOf, type Target } from "./numbering.ts";

/** Updates that came in together. */
export interface Arrival extends Pick<UnpackedUpdates, "updates" | "date" | "seqStart" | "seq"> {
  /** The constructor that brought them. */
  readonly name: string;
  readonly receivedAtMs: number;
}

/** An update whose turn it is, and what it came with. */
export interface DueUpdate {
  readonly update: Api.TypeUpdate;
  readonly arrival: Arrival;
}

/**
 * - `whole`: nothing is missing.
 * - `gap`: something is missing that may yet come by itself.
 * - `announced`: Telegram says that there is something to fetch.
 */
export type Need = "whole" | "gap" | "announced";

/** The account's counts, which one difference fills. */
interface AccountBoxes {
  readonly pts: Box<DueUpdate>;
  readonly qts: Box<DueUpdate>;
  /** Numbers whole containers. */
  readonly seq: Box<Arrival>;
}

/**
 * Says for one account what to apply, drop, keep back, and fetch. It has no clock and no connection: whoever runs it
 * brings in what arrives, fetches the differences that it needs, and keeps the state that it comes to.
 *
 * Source: core.telegram.org/api/updates; compare Telethon's `messagebox.py` and mtcute's `updates/manager.ts`.
 */
export class UpdateOrder {
  readonly #account: AccountBoxes;
  readonly #channels = new Map<ChatId, Box<DueUpdate>>();
  /** Telegram's time of what was last applied in a channel, in seconds. */
  readonly #channelDates = new Map<ChatId, number>();
  #date: number;
  readonly #startDate: number;
  #saved: UpdateState | null;
  readonly #moved = new Set<ChatId>();
  readonly #forgotten = new Set<ChatId>();
  readonly #touched = new Set<Target>();
  readonly #announced = new Set<Target>();

  /** @param state `null` for an account that begins from Telegram's present */
  constructor(state: UpdateState | null, channels: ReadonlyMap<ChatId, ChannelState> = new Map()) {
    this.#account = {
      pts: new Box(state?.pts ?? null),
      qts: new Box(state?.qts ?? null),
      seq: new Box(state?.seq ?? null),
    };
    this.#date = state?.date ?? 0;
    this.#startDate = this.#date;
    this.#saved = state;
    for (const [chatId, { pts, date }] of channels) {
      this.#channels.set(chatId, new Box(pts));
      if (date !== null) this.#channelDates.set(chatId, date);
    }
  }

  /** How far the account was read; `null` before that is known. */
  get state(): UpdateState | null {
    const { pts, qts, seq } = this.#account;
    if (pts.at === null || qts.at === null || seq.at === null) return null;
    return { pts: pts.at, qts: qts.at, seq: seq.at, date: this.#date };
  }

  get channels(): readonly ChatId[] {
    return [...this.#channels.keys()];
  }

  /** How far a channel was read; `null` when it is not known. */
  channelPts(chatId: ChatId): number | null {
    return this.#channels.get(chatId)?.at ?? null;
  }

  /** Telegram's time, in seconds, before which nothing of the channel is missing. */
  channelDate(chatId: ChatId): number {
    return this.#channelDates.get(chatId) ?? this.#startDate;
  }

  /** Takes in what came, and returns what is to be applied, in order. */
  take(arrival: Arrival): readonly DueUpdate[] {
    const { seq, seqStart } = arrival;
    if (seqStart === 0) return this.#open(arrival);
    this.#touched.add("account");
    const due = this.#account.seq.take({ end: seq, count: seq - seqStart + 1, item: arrival });
    return due.flatMap((each) => this.#openNumbered(each));
  }

  /** Begins from a state of the server, where none is known. What was applied before stays applied. */
  begin({ pts, qts, date, seq }: UpdateState): void {
    const boxes = this.#account;
    if (boxes.pts.at === null) boxes.pts.jump(pts);
    if (boxes.qts.at === null) boxes.qts.jump(qts);
    if (boxes.seq.at === null) boxes.seq.jump(seq);
    this.#date = Math.max(this.#date, date);
  }

  /** The same for a channel. */
  beginChannel(chatId: ChatId, pts: number): void {
    if (this.#channels.has(chatId)) return;
    this.#channels.set(chatId, new Box(pts));
    this.#channelDates.set(chatId, this.#date);
    this.#moved.add(chatId);
  }

  /** A difference is on its way. */
  hold(target: Target): void {
    for (const box of this.#boxesOf(target)) box.hold();
  }

  /** Takes a difference in, and returns what is to be applied. */
  fill(target: Target, difference: Difference<UpdateState | number>, arrival: Arrival): readonly DueUpdate[] {
    const due = difference.updates.flatMap((update) => this.#place(update, arrival, target));
    const { state } = difference;
    if (typeof state === "number") {
      if (target !== "account") this.#jumpChannel(target, state, difference.updates);
    } else {
      const { pts, qts, seq } = this.#account;
      pts.jump(state.pts);
      qts.jump(state.qts);
      seq.jump(state.seq);
      // A slice's may be the time of the answer, while what the next slices bring is still missing.
      if (difference.isFinal) this.#date = state.date;
      else for (const update of difference.updates) this.#notePassed(update);
    }
    return due;
  }

  /** No more differences come; returns what was kept back for them and is still new. */
  release(target: Target): readonly DueUpdate[] {
    if (target !== "account") return this.#settle(target, (box) => box.release());
    this.#touched.add(target);
    const { pts, qts, seq } = this.#account;
    const containers = seq.release().flatMap((arrival) => this.#openNumbered(arrival));
    return [...this.#passed([...pts.release(), ...qts.release()]), ...containers];
  }

  /** Gives up what is missing of a channel that cannot be asked; returns what was kept back. */
  skip(chatId: ChatId): readonly DueUpdate[] {
    return this.#settle(chatId, (box) => box.skip());
  }

  /** The account no longer reads the channel. */
  forget(chatId: ChatId): void {
    this.#channels.delete(chatId);
    this.#channelDates.delete(chatId);
    this.#moved.delete(chatId);
    this.#touched.delete(chatId);
    this.#forgotten.add(chatId);
  }

  /** Any channel may have changed. */
  announceChannels(): void {
    for (const chatId of this.#channels.keys()) this.#announced.add(chatId);
  }

  /** What those that were touched since the last call need. */
  needs(): ReadonlyMap<Target, Need> {
    const needs = new Map<Target, Need>();
    for (const target of this.#touched) needs.set(target, this.#hasGap(target) ? "gap" : "whole");
    for (const target of this.#announced) needs.set(target, "announced");
    this.#touched.clear();
    this.#announced.clear();
    return needs;
  }

  /** What changed since the last call, to be kept together with the events of what was applied meanwhile. */
  change(): UpdateStateChange {
    const { state } = this;
    const account = Bun.deepEquals(state, this.#saved) ? null : state;
    this.#saved = state;
    const channels = new Map<ChatId, ChannelState>();
    for (const chatId of this.#moved) {
      const pts = this.channelPts(chatId);
      if (pts !== null) channels.set(chatId, { pts, date: this.#channelDates.get(chatId) ?? null });
    }
    const forgotten = [...this.#forgotten].filter((chatId) => !this.#channels.has(chatId));
    this.#moved.clear();
    this.#forgotten.clear();
    return { account, channels, forgotten };
  }

  #openNumbered(arrival: Arrival): readonly DueUpdate[] {
    this.#date = Math.max(this.#date, arrival.date ?? 0);
    return this.#open(arrival);
  }

  #open(arrival: Arrival): readonly DueUpdate[] {
    return arrival.updates.flatMap((update) => this.#place(update, arrival, null));
  }

  /** @param filling whose difference brings the update, which makes its own numbers meaningless */
  #place(update: Api.TypeUpdate, arrival: Arrival, filling: Target | null): readonly DueUpdate[] {
    if (update instanceof Api.UpdateChannelTooLong) {
      this.#announce(update);
      return [];
    }
    // Telegram's numbers were set anew.
    if (update instanceof Api.UpdatePtsChanged) this.#announced.add("account");
    const due = { update, arrival };
    const place = placeOf(update);
    if (place === null) return [due];
    const { target, counter, end, count } = place;
    if (target === filling) return [due];
    this.#touched.add(target);
    if (target === "account") return this.#passed(this.#account[counter].take({ end, count, item: due }));
    const applied = this.#channel(target).take({ end, count, item: due });
    if (applied.length > 0) this.#moved.add(target);
    for (const one of applied) this.#noteDate(target, dateOf(one));
    return applied;
  }

  /** Nothing of the account is missing from before what was applied of it. */
  #passed(applied: readonly DueUpdate[]): readonly DueUpdate[] {
    for (const one of applied) this.#date = Math.max(this.#date, dateOf(one) ?? 0);
    return applied;
  }

  #notePassed(update: Api.TypeUpdate): void {
    if (!(update instanceof Api.UpdateNewMessage) || !("date" in update.message)) return;
    this.#date = Math.max(this.#date, update.message.date);
  }

  #settle(chatId: ChatId, settle: (box: Box<DueUpdate>) => readonly DueUpdate[]): readonly DueUpdate[] {
    const box = this.#channels.get(chatId);
    // It may have been forgotten meanwhile.
    if (box === undefined) return [];
    this.#touched.add(chatId);
    this.#moved.add(chatId);
    return settle(box);
  }

  #announce({ channelId, pts }: Api.UpdateChannelTooLong): void {
    const chatId = chatIdOfChannel(channelId);
    if (!this.#channels.has(chatId)) {
      // Without a number there is nothing to ask from; the first update that has one will be where it begins.
      if (!pts) return;
      this.beginChannel(chatId, pts);
    }
    this.#announced.add(chatId);
  }

  #jumpChannel(chatId: ChatId, pts: number, updates: readonly Api.TypeUpdate[]): void {
    this.#channel(chatId).jump(pts);
    this.#moved.add(chatId);
    for (const update of updates) {
      if (update instanceof Api.UpdateNewChannelMessage && "date" in update.message) {
        this.#noteDate(chatId, update.message.date);
      }
    }
  }

  #noteDate(chatId: ChatId, date: number | null): void {
    if (date !== null) this.#channelDates.set(chatId, Math.max(date, this.channelDate(chatId)));
  }

  #channel(chatId: ChatId): Box<DueUpdate> {
    const known = this.#channels.get(chatId);
    if (known !== undefined) return known;
    const box = new Box<DueUpdate>(null);
    this.#channels.set(chatId, box);
    return box;
  }

  #hasGap(target: Target): boolean {
    return this.#boxesOf(target).some((box) => box.hasGap);
  }

  #boxesOf(target: Target): readonly Pick<Box<unknown>, "hold" | "hasGap">[] {
    const { pts, qts, seq } = this.#account;
    if (target === "account") return [pts, qts, seq];
    const box = this.#channels.get(target);
    return box === undefined ? [] : [box];
  }
}

/** Telegram's time of what an update tells, in seconds: of a message its own, as a container may come later. */
function dateOf({ update, arrival }: DueUpdate): number | null {
  const isNew = update instanceof Api.UpdateNewMessage || update instanceof Api.UpdateNewChannelMessage;
  return isNew && "date" in update.message ? update.message.date : arrival.date;
}
