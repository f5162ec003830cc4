import { type ChatId, hasCategory } from "../../contract/index.ts";
import { inputPeerOf } from "../peers/peer-resolver.ts";
import type { RpcOptions } from "../rpc-port.ts";
import { type DialogLine, dialogPages, listedAtMost } from "./dialog-pages.ts";
import { type MissedMessages, missedMessages } from "./missed-messages.ts";

const unread: MissedMessages = { messages: [], users: [], chats: [], isWhole: false };

/**
 * The messages of private chats and basic groups since a time in Telegram's seconds, that second included: chat by chat,
 * the latest chats first. What was edited and deleted meanwhile nothing tells any more.
 */
export async function* missedChats(
  line: DialogLine,
  sinceDate: number,
  options: RpcOptions,
): AsyncGenerator<MissedMessages> {
  let listed = 0;
  for await (const page of dialogPages(line, options)) {
    listed += page.length;
    for (const { chatId, pts, top } of page) {
      if (pts !== null || top === null || top.date < sinceDate) continue;
      yield await missedOf(line, chatId, sinceDate, options);
    }
    const oldest = page.findLast(({ isPinned }) => !isPinned);
    if (oldest?.top && oldest.top.date < sinceDate) return;
  }
  if (listed >= listedAtMost) yield unread;
}

async function missedOf(
  { peers, rpc }: DialogLine,
  chatId: ChatId,
  sinceDate: number,
  options: RpcOptions,
): Promise<MissedMessages> {
  const record = await peers.find(chatId);
  if (record === null) return unread;
  try {
    return await missedMessages(rpc, inputPeerOf(record), sinceDate, options);
  } catch (error) {
    // A chat that may not be read, now or later, must not keep all others waiting.
    if (hasCategory(error, "RIGHTS", "PRIVACY", "NOT_FOUND", "INVALID")) return unread;
    throw error;
  }
}
