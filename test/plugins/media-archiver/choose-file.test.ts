import { describe, expect, test } from "bun:test";
import {
  type Media,
  type MessageReceived,
  parseAccountName,
  parseChatId,
  parseMessageId,
} from "telegraphist";
import { wantedFileOf } from "../../../plugins/media-archiver/choose-file.ts";
import { configSchema } from "../../../plugins/media-archiver/config.ts";
import { renderParts } from "../../../plugins/media-archiver/path-variables.ts";
import type { WantedFile } from "../../../plugins/media-archiver/wanted-file.ts";
import { messageReceived } from "../message-received.ts";

const photo: Media = {
  kind: "photo",
  fileId: "900",
  mimeType: "image/jpeg",
  sizeBytes: 1000,
  fileName: null,
  width: 10,
  height: 10,
};

function wanted(wishes: object = {}, change: Partial<MessageReceived> = {}): WantedFile | null {
  const config = configSchema.parse({ folder: "archive", ...wishes });
  const event = messageReceived({ media: photo, ...change });
  return wantedFileOf(event.account.name, event.messageId, event, config);
}

describe("wantedFileOf()", () => {
  test("describes the file of a message", () => {
    expect(wanted()).toEqual({
      account: parseAccountName("me"),
      chatId: parseChatId("42"),
      chatTitle: "Ada Lovelace",
      chatUsername: "ada",
      messageId: parseMessageId("100"),
      senderId: "42",
      senderName: "Ada Lovelace",
      sentAtMs: Date.parse("2026-03-02T12:00:00Z"),
      fileId: "900",
      kind: "photo",
      mimeType: "image/jpeg",
      sizeBytes: 1000,
      fileName: null,
    });
  });

  test.each([
    [{ media: ["voice"] }, false],
    [{ media: ["voice", "photo"] }, true],
    [{ minBytes: 1000, maxBytes: 1000 }, true],
    [{ minBytes: 1001 }, false],
    [{ maxBytes: 999 }, false],
    [{ since: "2026-03-02" }, true],
    [{ since: "2026-03-03" }, false],
    [{ until: "2026-03-03" }, true],
    [{ until: "2026-03-02T12:00:00Z" }, false],
    [{ chats: ["private"] }, true],
    [{ chats: ["channel", "@ADA"] }, true],
    [{ chats: ["42"] }, true],
    [{ chats: ["group", "43", "@bob"] }, false],
  ])("with %j it is %p", (wishes, expected) => {
    expect(wanted(wishes) !== null).toBe(expected);
  });

  test("leaves out what has no bytes", () => {
    expect(wanted({}, { media: null })).toBeNull();
    expect(wanted({}, { media: { kind: "location", latitude: 0, longitude: 0 } })).toBeNull();
  });
});

describe("renderParts()", () => {
  const file = wanted() ?? expect.unreachable();

  test("fills in where and when, by the wall clock of a zone", () => {
    const template = "{{chat.title}}/{{year}}-{{month}}-{{day}}/{{time}} {{messageId}} {{kind}}{{extension}}";
    expect(renderParts(template, file, "Asia/Tokyo")).toEqual([
      "Ada Lovelace",
      "2026-03-02",
      "21-00-00 100 photo.jpg",
    ]);
  });

  test("makes no part of a separator in a value", () => {
    expect(renderParts("{{chat.title}}/x", { ...file, chatTitle: "a/../../b" })).toEqual(["a/../../b", "x"]);
  });

  test("names a file that has no name by its kind and type", () => {
    expect(renderParts("{{fileName}}", file)).toEqual(["photo.jpg"]);
    expect(renderParts("{{fileName}}", { ...file, mimeType: "application/x-unknown" })).toEqual(["photo"]);
    expect(renderParts("{{extension}}", { ...file, fileName: "notes.tar.GZ" })).toEqual([".GZ"]);
    expect(renderParts("{{chat.username|none}}", { ...file, chatUsername: null })).toEqual(["none"]);
  });
});
