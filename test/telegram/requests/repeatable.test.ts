import { describe, expect, test } from "bun:test";
import { connectionLost, rpcError } from "../../../runtime/telegram/errors.ts";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { tlMethodName } from "../../../runtime/telegram/method-name.ts";
import { isRepeatable, mayBeDone } from "../../../runtime/telegram/requests/repeatable.ts";

const peer = new Api.InputPeerSelf();
const judged = (request: Api.AnyRequest) => isRepeatable(tlMethodName(request.className), request);

describe("isRepeatable()", () => {
  test("allows what only looks, settles something, or has a random id", () => {
    expect(judged(new Api.help.GetNearestDc())).toBe(true);
    expect(judged(new Api.messages.EditMessage({ peer, id: 1, message: "a" }))).toBe(true);
    expect(judged(new Api.messages.SendMessage({ peer, message: "a", randomId: longOf(1) }))).toBe(true);
  });

  test("refuses what makes something new each time", () => {
    expect(judged(new Api.messages.ExportChatInvite({ peer }))).toBe(false);
    expect(judged(new Api.messages.CreateChat({ users: [], title: "a" }))).toBe(false);
    expect(judged(new Api.auth.SignIn({ phoneNumber: "1", phoneCodeHash: "a", phoneCode: "1" }))).toBe(false);
    expect(judged(new Api.messages.GetBotCallbackAnswer({ peer, msgId: 1 }))).toBe(false);
  });
});

describe("mayBeDone()", () => {
  test.each([
    [connectionLost("it was closed"), true],
    [rpcError({ rpcCode: 500, text: "RPC_CALL_FAIL", method: "a" }), true],
    [rpcError({ rpcCode: -503, text: "Timeout", method: "a" }), true],
    [rpcError({ rpcCode: 420, text: "FLOOD_WAIT_3", method: "a" }), false],
    [rpcError({ rpcCode: 400, text: "MSG_WAIT_FAILED", method: "a" }), false],
  ])("of %s is %p", (error, expected) => {
    expect(mayBeDone(error)).toBe(expected);
  });
});
