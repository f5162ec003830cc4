import type { TlObject } from "../tl/value.ts";

/**
 * A person, group, or channel by one number in the marked form: a person is positive, a basic group negated, a
 * supergroup or channel offset below -10^12 (core.telegram.org/api/bots/ids).
 */
export type PeerId = number;

/** Telegram's own account, from which login codes come (core.telegram.org/api/auth). */
export const serviceUserId: PeerId = 777_000;

const channelOffset = 1_000_000_000_000;

export function isUserId(id: PeerId): boolean {
  return id > 0;
}

export function isChannelId(id: PeerId): boolean {
  return id < -channelOffset;
}

export function channelId(bareId: number): PeerId {
  return -channelOffset - bareId;
}

/** The number that TL has for it. */
export function bareId(id: PeerId): bigint {
  if (isUserId(id)) return BigInt(id);
  return BigInt(isChannelId(id) ? -id - channelOffset : -id);
}

/** The TL `Peer` of an id. */
export function peerOf(id: PeerId): TlObject {
  if (isUserId(id)) return { _: "peerUser", user_id: bareId(id) };
  return isChannelId(id)
    ? { _: "peerChannel", channel_id: bareId(id) }
    : { _: "peerChat", chat_id: bareId(id) };
}
