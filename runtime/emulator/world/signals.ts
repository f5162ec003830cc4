import { RpcError } from "../methods/rpc.ts";
import type { TlObject } from "../tl/value.ts";
import type { BoxMessage } from "./box-message.ts";
import { boxOwnedBy, readersOf } from "./box-updates.ts";
import { peersOf, reactionsView } from "./message-view.ts";
import { bareId, isUserId, type PeerId, peerOf } from "./peer-id.ts";
import { Person } from "./person.ts";
import { statusView } from "./person-view.ts";
import type { UpdateBatch } from "./update-batch.ts";
import type { WorldState } from "./world-state.ts";

/** Sets or takes back someone's reaction and tells everyone who has the message. */
export function react(
  state: WorldState,
  batch: UpdateBatch,
  person: Person,
  message: BoxMessage,
  emoji: string | null,
): void {
  const { post } = message;
  if (post.action !== null) throw new RpcError(400, "MESSAGE_ID_INVALID");
  const before = post.reactions.get(person.id)?.emoji ?? null;
  if (before === emoji) throw new RpcError(400, "MESSAGE_NOT_MODIFIED");
  if (emoji === null) post.reactions.delete(person.id);
  else post.reactions.set(person.id, { emoji, dateS: state.nowS() });
  for (const [ownerId, id] of post.copies) {
    const box = boxOwnedBy(state, ownerId);
    const copy = box.get(id);
    if (copy === undefined) continue;
    for (const readerId of readersOf(state, box)) {
      batch.add(readerId, {
        name: "updateMessageReactions",
        peerIds: [...peersOf(copy), ...post.reactions.keys()],
        view: () => ({
          _: "updateMessageReactions",
          peer: peerOf(copy.chatId),
          msg_id: copy.id,
          reactions: reactionsView(readerId, post),
        }),
      });
    }
  }
}

/** Shows the others in a chat what someone is doing. */
export function showAction(
  state: WorldState,
  batch: UpdateBatch,
  person: Person,
  chatId: PeerId,
  action: TlObject,
): void {
  const peer = state.peer(chatId);
  const readerIds = peer instanceof Person ? [peer.id] : peer.members.keys();
  for (const readerId of readerIds) {
    if (readerId === person.id) continue;
    const view = actionView(person.id, chatId, action);
    batch.add(readerId, { name: view._, peerIds: [person.id, chatId], view: () => view });
  }
}

/** Says to those who know someone that they came or went. */
export function setPresence(
  state: WorldState,
  batch: UpdateBatch,
  person: Person,
  presence: "online" | "offline",
): void {
  person.presence = { state: presence, atS: state.nowS() };
  const acquaintances = new Set<PeerId>(person.contacts);
  for (const chatId of person.box.threads.keys()) if (isUserId(chatId)) acquaintances.add(chatId);
  for (const other of state.people.values()) if (other.contacts.has(person.id)) acquaintances.add(other.id);
  acquaintances.delete(person.id);
  const status = statusView(person);
  for (const userId of acquaintances) {
    batch.add(userId, {
      name: "updateUserStatus",
      peerIds: [person.id],
      view: () => ({ _: "updateUserStatus", user_id: bareId(person.id), status }),
    });
  }
}

function actionView(personId: PeerId, chatId: PeerId, action: TlObject): TlObject {
  if (isUserId(chatId)) return { _: "updateUserTyping", user_id: bareId(personId), action };
  const peer = peerOf(chatId);
  const from_id = peerOf(personId);
  return peer._ === "peerChannel"
    ? { _: "updateChannelUserTyping", channel_id: bareId(chatId), from_id, action }
    : { _: "updateChatUserTyping", chat_id: bareId(chatId), from_id, action };
}
