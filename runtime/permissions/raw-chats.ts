import { chatIdOf, type JsonValue, type PeerLike } from "../contract/index.ts";

const selfNames = new Set(["inputPeerSelf", "inputUserSelf"]);
const bareId = /^[1-9]\d{0,18}$/;

/**
 * The chats that a raw call's parameters name: every `userId`, `chatId` and `channelId` at any depth, as marked ids, and
 * `me` where the account names itself. Whatever else reaches a chat, such as a message's number alone, is not seen.
 */
export function chatsInParameters(parameters: JsonValue): readonly PeerLike[] {
  const found = new Set<PeerLike>();
  const visit = (value: JsonValue): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      const kind = kindOf(key);
      const id = typeof item === "string" || typeof item === "number" ? String(item) : "";
      if (key === "_" && selfNames.has(id)) found.add("me");
      if (kind !== null && bareId.test(id)) found.add(chatIdOf({ kind, bareId: id }));
      visit(item);
    }
  };
  visit(parameters);
  return [...found];
}

function kindOf(key: string): "user" | "group" | "channel" | null {
  switch (key) {
    case "userId":
    case "user_id":
      return "user";
    case "chatId":
    case "chat_id":
      return "group";
    case "channelId":
    case "channel_id":
      return "channel";
    default:
      return null;
  }
}
