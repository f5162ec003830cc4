import { type ChatId, type PeerLike, parseChatId, TelegraphistError } from "../../contract/index.ts";

/** How a peer was named. */
export type PeerName =
  | { readonly by: "self" }
  | { readonly by: "id"; readonly chatId: ChatId }
  | { readonly by: "username"; readonly username: string };

const link = /^https?:\/\/(?:www\.)?(?:t|telegram)\.me\/([a-z]\w{2,31})\/?$/i;
const handle = /^@([a-z]\w{2,31})$/i;

/**
 * Reads how a peer is named; usernames come out in lower case.
 *
 * @throws {TelegraphistError} `PEER_INVALID` when it is no id, `@username`, link, or `me`
 */
export function parsePeerLike(peer: PeerLike): PeerName {
  if (peer === "me") return { by: "self" };
  const username = (handle.exec(peer) ?? link.exec(peer))?.[1];
  if (username !== undefined) return { by: "username", username: username.toLowerCase() };
  if (/^-?[1-9]\d{0,18}$/.test(peer)) return { by: "id", chatId: parseChatId(peer) };
  throw new TelegraphistError({
    code: "PEER_INVALID",
    category: "INVALID",
    message: `Cannot read peer as it must be an id, "@username", "https://t.me/username", or "me": received ${String(peer).length} characters of something else`,
  });
}
