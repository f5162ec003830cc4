import type { ChatId } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { chatIdOfChannel, chatIdOfGroup, chatIdOfUser } from "../mapping/peer-id.ts";

/** The chat that a request acts in, by its peer; `null` when it names none, or the account itself. */
export function chatOfRequest(request: Api.AnyRequest): ChatId | null {
  const peer: unknown = "toPeer" in request ? request.toPeer : "peer" in request ? request.peer : undefined;
  if (peer instanceof Api.InputPeerUser) return chatIdOfUser(peer.userId);
  if (peer instanceof Api.InputPeerChat) return chatIdOfGroup(peer.chatId);
  if (peer instanceof Api.InputPeerChannel) return chatIdOfChannel(peer.channelId);
  return null;
}
