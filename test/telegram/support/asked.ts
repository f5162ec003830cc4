import { RpcError, type RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import type { TlObject, TlValue } from "../../../runtime/emulator/tl/value.ts";
import type { PeerContainer } from "../../../runtime/telegram/peers/peer-store.ts";
import { openRigAccount, type RigAccount } from "./rig-account.ts";

/** Answers of methods, fixed or made of the request. */
export type Answers = Readonly<Record<string, TlValue | ((request: TlObject) => TlValue)>>;

/** An account whose server gives these answers and keeps what it was asked. */
export interface AskingAccount extends RigAccount {
  /** Requests for the methods above, in order. */
  readonly asked: readonly TlObject[];
}

/** @param met who the account has met before */
export async function openAsking(answers: Answers, met: Partial<PeerContainer> = {}): Promise<AskingAccount> {
  const asked: TlObject[] = [];
  const handlers: RpcHandlers = Object.fromEntries(
    Object.entries(answers).map(([method, answer]) => [
      method,
      (request: TlObject): TlValue => {
        asked.push(request);
        return typeof answer === "function" ? answer(request) : answer;
      },
    ]),
  );
  const account = await openRigAccount(handlers);
  await account.peers.store.remember({ users: [], chats: [], ...met });
  return { ...account, asked };
}

/** Telegram's refusal of any call of a method. */
export function refused(error: string): () => never {
  return () => {
    throw new RpcError(400, error);
  };
}

/** A container of updates as a server gives it. */
export function tlUpdates(updates: readonly TlObject[]): TlObject {
  return { _: "updates", updates, users: [], chats: [], date: 1_000, seq: 0 };
}

/** A message in the chat with person 42, as a server gives it. */
export function tlStored(id: number, fields: Partial<TlObject> = {}): TlObject {
  return {
    _: "message",
    id,
    peer_id: { _: "peerUser", user_id: 42n },
    date: 1_000,
    message: "hello",
    ...fields,
  };
}

/** The answer of a send that made these messages. */
export function tlSent(messages: readonly TlObject[], randomIds: readonly TlValue[]): TlObject {
  return tlUpdates([
    ...messages.map((message, index) => ({
      _: "updateMessageID",
      id: message.id ?? 0,
      random_id: randomIds[index] ?? 0n,
    })),
    ...messages.map((message) => ({ _: "updateNewMessage", message, pts: 1, pts_count: 1 })),
  ]);
}

/** A slice of messages, with none to name. */
export function tlMessages(messages: readonly TlObject[], count = messages.length): TlObject {
  return { _: "messages.messagesSlice", count, messages, chats: [], users: [] };
}

/** The basic group 7, as a server gives it. */
export const tlClub: TlObject = {
  _: "chat",
  id: 7n,
  title: "Club",
  photo: { _: "chatPhotoEmpty" },
  participants_count: 3,
  date: 1,
  version: 1,
};
