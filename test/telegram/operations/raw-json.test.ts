import { describe, expect, test } from "bun:test";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { jsonFromAnswer, requestFromJson } from "../../../runtime/telegram/operations/raw-json.ts";
import { forum, tlMessage } from "../support/tl.ts";

describe("requestFromJson()", () => {
  test("makes the same bytes as GramJS's own classes", () => {
    const request = requestFromJson("messages.sendMessage", {
      peer: { _: "inputPeerUser", user_id: "42", access_hash: "-7700000000000000001" },
      message: "hi",
      silent: true,
      random_id: "5",
      entities: [{ _: "messageEntityBold", offset: 0, length: 2 }],
    });
    const own = new Api.messages.SendMessage({
      peer: new Api.InputPeerUser({ userId: longOf(42), accessHash: longOf("-7700000000000000001") }),
      message: "hi",
      silent: true,
      randomId: longOf(5),
      entities: [new Api.MessageEntityBold({ offset: 0, length: 2 })],
    });
    expect(request.getBytes()).toEqual(own.getBytes());
  });

  test("takes bytes, vectors of numbers, and methods inside methods", () => {
    const part = { file_id: "1", file_part: 0, bytes: { $bytes: "AQID" } };
    const own = new Api.upload.SaveFilePart({
      fileId: longOf(1),
      filePart: 0,
      bytes: Buffer.from([1, 2, 3]),
    });
    expect(requestFromJson("upload.saveFilePart", part).getBytes()).toEqual(own.getBytes());
    const wrapped = { query: { _: "messages.getChats", id: ["7"] } };
    const ownWrapped = new Api.InvokeWithoutUpdates({
      query: new Api.messages.GetChats({ id: [longOf(7)] }),
    });
    expect(requestFromJson("invokeWithoutUpdates", wrapped).getBytes()).toEqual(ownWrapped.getBytes());
  });

  test.each([
    ["messages.nothing", {}, 'Cannot call "messages.nothing"'],
    ["messages.getChats", {}, '"messages.getChats.id" as it must be given'],
    ["messages.getChats", { id: "7" }, "must be an array: received string"],
    [
      "messages.getChats",
      { id: [7] },
      '"messages.getChats.id.0" as it must be a decimal string: received number',
    ],
    ["messages.getChats", { id: [], limit: 1 }, "has no such field: it has id"],
    ["users.getUsers", { id: [{ _: "inputUserNobody" }] }, 'no constructor "inputUserNobody"'],
    ["users.getUsers", { id: [{ _: "auth.logOut" }] }, 'no constructor "auth.logOut"'],
    ["users.getUsers", { id: [{}] }, 'must be an object with its name in "_": received object'],
    ["upload.saveFilePart", { file_id: "1", file_part: 0, bytes: "AQID" }, '"$bytes"'],
    ["account.updateStatus", { offline: "no" }, "must be true or false: received string"],
    ["messages.readMessageContents", { id: ["1"] }, "must be a number: received string"],
    ["contacts.resolveUsername", { username: 1 }, "must be a string: received number"],
  ])("refuses %s with %j, and says where", (method, parameters, message) => {
    expect(() => requestFromJson(method, parameters)).toThrow(message);
  });
});

describe("jsonFromAnswer()", () => {
  test("spells objects, longs, and bytes as the schema does", () => {
    expect(jsonFromAnswer(forum)).toMatchObject({
      _: "channel",
      megagroup: true,
      id: "900",
      access_hash: "9000",
      photo: { _: "chatPhotoEmpty" },
    });
    expect(jsonFromAnswer(Buffer.from([1, 2, 3]))).toEqual({ $bytes: "AQID" });
    expect(jsonFromAnswer([longOf("-5"), true])).toEqual(["-5", true]);
  });

  test("leaves out what is not set, and what GramJS adds of its own", () => {
    expect(jsonFromAnswer(tlMessage({ out: false }))).toEqual({
      _: "message",
      id: 5,
      peer_id: { _: "peerUser", user_id: "42" },
      date: 1_000,
      message: "hello",
    });
  });
});
