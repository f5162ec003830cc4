import type { Chat, User } from "../../contract/index.ts";
import type { EntityRecord } from "../../storage/index.ts";
import { Api } from "../gramjs.ts";
import { mapChat, privateChatOf } from "../mapping/chat.ts";
import { chatIdOfUser } from "../mapping/peer-id.ts";
import { mapUser } from "../mapping/user.ts";

/** The row of a person that was seen in an answer or update. */
export function recordOfUser(user: Api.TypeUser, seenAtMs: number): EntityRecord {
  const snapshot = mapUser(user);
  const isKnown = user instanceof Api.User;
  const isMin = !isKnown || user.min === true;
  return {
    chatId: chatIdOfUser(user.id),
    kind: "user",
    // A min constructor's access hash serves for its photo alone: core.telegram.org/api/min.
    accessHash: isMin ? null : (user.accessHash?.toString() ?? null),
    username: snapshot.username?.toLowerCase() ?? null,
    isMin,
    snapshot: { ...snapshot },
    seenAtMs,
  };
}

/** The row of a group or channel that was seen in an answer or update. */
export function recordOfChat(chat: Api.TypeChat, seenAtMs: number): EntityRecord {
  const snapshot = mapChat(chat);
  const isChannel = chat instanceof Api.Channel || chat instanceof Api.ChannelForbidden;
  const isMin = chat instanceof Api.Channel && chat.min === true;
  return {
    chatId: snapshot.id,
    kind: isChannel ? "channel" : "group",
    accessHash: isChannel && !isMin ? (chat.accessHash?.toString() ?? null) : null,
    username: snapshot.username?.toLowerCase() ?? null,
    isMin: isMin || chat instanceof Api.ChatEmpty,
    snapshot: { ...snapshot },
    seenAtMs,
  };
}

/** The person of a row; `null` when the row is a group or channel. */
export function userOfRecord(record: EntityRecord): User | null {
  // `recordOfUser` alone writes rows of this kind, and puts a contract user into them.
  return record.kind === "user" ? (record.snapshot as unknown as User) : null;
}

/** The chat of a row; a person's is the private chat. */
export function chatOfRecord(record: EntityRecord): Chat {
  const user = userOfRecord(record);
  // `recordOfChat` alone writes rows of the other kinds, and puts a contract chat into them.
  return user === null ? (record.snapshot as unknown as Chat) : privateChatOf(user);
}
