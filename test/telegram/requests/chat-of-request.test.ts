import { expect, test } from "bun:test";
import { parseChatId } from "../../../runtime/contract/index.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { chatOfRequest } from "../../../runtime/telegram/requests/chat-of-request.ts";

const ada = new Api.InputPeerUser({ userId: longOf(42), accessHash: longOf(1) });
const group = new Api.InputPeerChat({ chatId: longOf(7) });
const news = new Api.InputPeerChannel({ channelId: longOf(9), accessHash: longOf(1) });

test.each([
  [ada, "42"],
  [group, "-7"],
  [news, "-1000000000009"],
])("chatOfRequest() is the request's peer", (peer, chatId) => {
  expect(chatOfRequest(new Api.messages.DeleteHistory({ peer }))).toBe(parseChatId(chatId));
});

test("chatOfRequest() is where a forward goes", () => {
  const forward = new Api.messages.ForwardMessages({ fromPeer: ada, toPeer: group, id: [1], randomId: [] });
  expect(chatOfRequest(forward)).toBe(parseChatId("-7"));
});

test("chatOfRequest() is none for the account itself, and for a request without a peer", () => {
  expect(chatOfRequest(new Api.messages.DeleteHistory({ peer: new Api.InputPeerSelf() }))).toBeNull();
  expect(chatOfRequest(new Api.help.GetNearestDc())).toBeNull();
});
