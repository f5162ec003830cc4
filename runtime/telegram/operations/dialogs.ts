import type { CallOptions, ChatId, Dialog } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { isStored } from "../mapping/message.ts";
import { chatIdOfPeer } from "../mapping/peer-id.ts";
import { msOfSeconds, secondsOfMs } from "../mapping/seconds.ts";
import type { CallTime } from "./call-time.ts";
import { requireWhole } from "./invalid-call.ts";
import { type Operator, unreadable } from "./operator.ts";

const pageSize = 100;

/** @param options.limit default 100; 1 to 10,000 */
export async function dialogs(
  operator: Operator,
  options: CallOptions & { readonly limit?: number } = {},
): Promise<readonly Dialog[]> {
  const call = operator.begin(options);
  const limit = requireWhole("limit", options.limit ?? pageSize, 1, 10_000);
  const found = new Map<ChatId, Dialog>();
  let start: PageStart | null = firstPage;
  while (start !== null && found.size < limit) {
    const before = found.size;
    const page: Page = await fetchPage(operator, start, Math.min(pageSize, limit), call);
    for (const dialog of page.dialogs) found.set(dialog.chat.id, dialog);
    start = found.size === before ? null : page.next;
  }
  const listed = [...found.values()].slice(0, limit);
  await operator.peers.store.keepLastMessages(
    new Map(listed.map(({ chat, lastMessageAtMs }) => [chat.id, lastMessageAtMs ?? 0])),
  );
  return listed;
}

interface PageStart {
  readonly offsetDate: number;
  readonly offsetId: number;
  /** `null` for the first page. */
  readonly after: ChatId | null;
}

interface Page {
  readonly dialogs: readonly Dialog[];
  /** `null` at the end. */
  readonly next: PageStart | null;
}

const firstPage: PageStart = { offsetDate: 0, offsetId: 0, after: null };

async function fetchPage(
  operator: Operator,
  { offsetDate, offsetId, after }: PageStart,
  limit: number,
  call: CallTime,
): Promise<Page> {
  const offsetPeer = after === null ? new Api.InputPeerEmpty() : await operator.peers.inputPeer(after, call);
  const answer = await operator.rpc.invoke(
    new Api.messages.GetDialogs({ offsetDate, offsetId, offsetPeer, limit, hash: longOf(0) }),
    call.rpc(),
  );
  if (answer instanceof Api.messages.DialogsNotModified) throw unreadable(answer);

  const dates = new Map<string, number>();
  for (const message of answer.messages.filter(isStored)) {
    dates.set(`${chatIdOfPeer(message.peerId)}/${message.id}`, message.date);
  }
  const listed = answer.dialogs.filter((dialog) => dialog instanceof Api.Dialog);
  const mapped = await operator.read(answer, (view) =>
    listed.map((dialog): Dialog => {
      const chat = view.chatOf(chatIdOfPeer(dialog.peer));
      const date = dates.get(`${chat.id}/${dialog.topMessage}`);
      return {
        chat,
        unreadCount: dialog.unreadCount,
        lastMessageAtMs: date === undefined ? null : msOfSeconds(date),
        isPinned: dialog.pinned === true,
      };
    }),
  );
  const last = mapped.at(-1);
  const isEnd = answer instanceof Api.messages.Dialogs || last === undefined || listed.length < limit;
  if (isEnd) return { dialogs: mapped, next: null };
  return {
    dialogs: mapped,
    next: {
      offsetDate: secondsOfMs(last.lastMessageAtMs ?? 0),
      offsetId: listed.at(-1)?.topMessage ?? 0,
      after: last.chat.id,
    },
  };
}
