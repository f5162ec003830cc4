import { chatIdOf, type JsonValue, type PeerLike } from "../contract/index.ts";

const selfNames = new Set(["inputPeerSelf", "inputUserSelf"]);
/** As `invoke` takes a long, which goes out as its last 64 bits. */
const longText = /^-?\d{1,78}$/;

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
      const text = typeof item === "string" || typeof item === "number" ? String(item) : "";
      if (key === "_" && selfNames.has(text)) found.add("me");
      const id = kind !== null && longText.test(text) ? BigInt.asIntN(64, BigInt(text)) : 0n;
      if (kind !== null && id > 0n) found.add(chatIdOf({ kind, bareId: String(id) }));
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
