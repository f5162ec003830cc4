import { type ChatId, privateChatIdOf, type UserId } from "../../contract/index.ts";
import { unknownChat } from "../mapping/chat.ts";
import type { PeerView } from "../mapping/peer-view.ts";
import { unknownUser } from "../mapping/user.ts";
import { chatOfRecord, userOfRecord } from "./entity-record.ts";
import type { PeerStore } from "./peer-store.ts";

export interface MapWithPeersOptions {
  readonly store: PeerStore;
  readonly selfId: UserId | null;
  /** Brings peers into the store's memory. @default from disk; who is not there stays unknown */
  readonly bring?: (missing: readonly ChatId[]) => Promise<unknown>;
}

/**
 * Runs a pure mapping over the peers that memory holds; when it named others, brings those in and runs it once more. So
 * no mapping has to say beforehand whom it will name, and the usual one costs no wait.
 */
export async function mapWithPeers<T>(options: MapWithPeersOptions, map: (view: PeerView) => T): Promise<T> {
  const { store, selfId, bring = (ids) => store.bring(ids) } = options;
  const missing = new Set<ChatId>();
  const recordOf = (id: ChatId) => {
    const record = store.peek(id);
    if (record === undefined) missing.add(id);
    return record;
  };
  const view: PeerView = {
    selfId,
    userOf: (id) => {
      const record = recordOf(privateChatIdOf(id));
      return (record && userOfRecord(record)) ?? unknownUser(id);
    },
    chatOf: (id) => {
      const record = recordOf(id);
      return record === undefined ? unknownChat(id) : chatOfRecord(record);
    },
  };

  const first = map(view);
  if (missing.size === 0) return first;
  await bring([...missing]);
  return map(view);
}
