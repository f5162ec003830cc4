import type { CallOptions, Message, MessageId, PeerLike, Telegram } from "../contract/index.ts";

/** How many messages `telegram.messages` gives at once. */
const fetchedAtOnce = 100;

/**
 * The messages of a chat by their numbers, without those that are gone or of another chat: private chats and basic
 * groups share one row of numbers in an account, so that a number alone reaches into any of them.
 */
export async function ownMessages(
  port: Telegram,
  chat: PeerLike,
  messageIds: readonly MessageId[],
  options: CallOptions,
): Promise<readonly Message[]> {
  const found: Message[] = [];
  for (let start = 0; start < messageIds.length; start += fetchedAtOnce) {
    const some = await port.messages(chat, messageIds.slice(start, start + fetchedAtOnce), options);
    found.push(...some.filter((message) => message !== null));
  }
  return found;
}
