import { describe, expect, test } from "bun:test";
import { Api } from "../../../runtime/telegram/gramjs.ts";
import { longOf } from "../../../runtime/telegram/mapping/long.ts";
import { mapMedia } from "../../../runtime/telegram/mapping/media.ts";

const named = new Api.DocumentAttributeFilename({ fileName: "a.bin" });
const animated = new Api.DocumentAttributeAnimated();
const video = new Api.DocumentAttributeVideo({ duration: 1.5, w: 640, h: 480 });
const round = new Api.DocumentAttributeVideo({ duration: 2, w: 240, h: 240, roundMessage: true });
const voice = new Api.DocumentAttributeAudio({ voice: true, duration: 3 });
const song = new Api.DocumentAttributeAudio({ duration: 4, title: "T", performer: "P" });
const sticker = new Api.DocumentAttributeSticker({ alt: "😀", stickerset: new Api.InputStickerSetEmpty() });

function documentOf(attributes: Api.TypeDocumentAttribute[]): Api.MessageMediaDocument {
  return new Api.MessageMediaDocument({
    document: new Api.Document({
      id: longOf("9007199254740993"),
      accessHash: longOf(1),
      fileReference: Buffer.alloc(1),
      date: 1,
      mimeType: "application/x",
      size: longOf(3_000_000_000),
      dcId: 2,
      attributes,
    }),
  });
}

describe("mapMedia", () => {
  test.each([
    ["document", [named], { fileName: "a.bin" }],
    ["video", [video, named], { width: 640, height: 480, durationMs: 1_500 }],
    ["animation", [video, animated], { durationMs: 1_500 }],
    ["video-note", [round], { durationMs: 2_000 }],
    ["voice", [voice], { durationMs: 3_000, fileName: null }],
    ["audio", [song], { title: "T", performer: "P" }],
    ["sticker", [video, sticker], { emoji: "😀" }],
  ])("tells a %s by its attributes", (kind, attributes, more) => {
    expect(mapMedia(documentOf(attributes))).toMatchObject({ kind, mimeType: "application/x", ...more });
  });

  test("keeps ids and sizes beyond 32 bits exact", () => {
    expect(mapMedia(documentOf([named]))).toMatchObject({
      fileId: "9007199254740993",
      sizeBytes: 3_000_000_000,
    });
  });

  test("takes the largest size of a photo that has a file", () => {
    const sizes = [
      new Api.PhotoStrippedSize({ type: "i", bytes: Buffer.alloc(1) }),
      new Api.PhotoSize({ type: "m", w: 320, h: 240, size: 900 }),
      new Api.PhotoSizeProgressive({ type: "y", w: 1280, h: 960, sizes: [100, 5_000, 2_000] }),
    ];
    const fileReference = Buffer.alloc(1);
    const photo = new Api.Photo({
      id: longOf(3),
      accessHash: longOf(1),
      fileReference,
      date: 1,
      sizes,
      dcId: 2,
    });
    expect(mapMedia(new Api.MessageMediaPhoto({ photo }))).toMatchObject({
      kind: "photo",
      width: 1280,
      height: 960,
      sizeBytes: 5_000,
      mimeType: "image/jpeg",
    });
  });

  test("names what it has no form for", () => {
    const dice = new Api.MessageMediaDice({ value: 3, emoticon: "🎲" });
    expect(mapMedia(dice)).toEqual({ kind: "other", constructorName: "messageMediaDice" });
    expect(mapMedia(new Api.MessageMediaPhoto({}))).toEqual({
      kind: "other",
      constructorName: "messageMediaPhoto",
    });
  });

  test("never has the phone number of a shared contact", () => {
    const phoneNumber = "15550001234";
    const contact = { phoneNumber, firstName: "Ann", lastName: "", vcard: "", userId: longOf(0) };
    const mapped = mapMedia(new Api.MessageMediaContact(contact));
    expect(mapped).toEqual({ kind: "contact", userId: null, firstName: "Ann", lastName: "" });
  });

  test("reads a location and a link preview", () => {
    const geo = new Api.GeoPoint({ lat: 1, long: 2, accessHash: longOf(1) });
    expect(mapMedia(new Api.MessageMediaGeo({ geo }))).toEqual({
      kind: "location",
      latitude: 1,
      longitude: 2,
    });
    const webpage = new Api.WebPageEmpty({ id: longOf(1), url: "https://a.example" });
    const page = { kind: "web-page", url: "https://a.example", title: null };
    expect(mapMedia(new Api.MessageMediaWebPage({ webpage }))).toMatchObject(page);
  });

  test("is null without media", () => {
    expect(mapMedia(undefined)).toBeNull();
    expect(mapMedia(new Api.MessageMediaEmpty())).toBeNull();
  });
});
