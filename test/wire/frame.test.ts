import { describe, expect, test } from "bun:test";
import { encodeFrame, type Frame, FrameReader, guestFrameBounds } from "../../runtime/wire/index.ts";

const bounds = { maxJsonBytes: 1_000, maxAttachmentBytes: 1_000 };

function framesOf(chunks: readonly Uint8Array[], reader = new FrameReader(bounds)): readonly Frame[] {
  return chunks.flatMap((chunk) => [...reader.read(chunk)]);
}

function header(jsonBytes: number, attachmentBytes: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(jsonBytes, 0);
  bytes.writeUInt32LE(attachmentBytes, 4);
  return bytes;
}

describe("FrameReader", () => {
  const first = encodeFrame({ text: "één 🚂" });
  const second = encodeFrame({ n: 2 }, new Uint8Array([1, 2, 3]));
  const both = Buffer.concat([first, second]);
  const expected: readonly Frame[] = [
    { message: { text: "één 🚂" }, attachment: null, heldBytes: 84 },
    { message: { n: 2 }, attachment: new Uint8Array([1, 2, 3]), heldBytes: 31 },
  ];

  test("gives frames that come together", () => {
    expect(framesOf([both])).toEqual(expected);
  });

  test("gives frames however they are cut", () => {
    for (let at = 0; at <= both.length; at++) {
      expect(framesOf([both.subarray(0, at), both.subarray(at)])).toEqual(expected);
    }
    expect(framesOf(Array.from(both, (byte) => new Uint8Array([byte])))).toEqual(expected);
  });

  test.each([
    ["a message of 4 GiB", header(0xffff_ffff, 0)],
    ["an attachment of 1 GiB", header(2, 1024 ** 3)],
    ["a message that is one byte too long", header(1_001, 0)],
  ])("refuses %s at its header", (_, bytes) => {
    expect(() => framesOf([bytes])).toThrow(expect.objectContaining({ code: "WIRE_TOO_LARGE" }));
  });

  test.each([["{"], [""], ["\u0000"], ["[".repeat(900)]])("refuses what is not JSON: %j", (text) => {
    const json = Buffer.from(text);
    expect(() => framesOf([header(json.length, 0), json])).toThrow(
      expect.objectContaining({ code: "WIRE_MALFORMED" }),
    );
  });
});

describe("encodeFrame()", () => {
  test("refuses what the other side would not take", () => {
    const message = { text: "x".repeat(guestFrameBounds.maxJsonBytes) };
    expect(() => encodeFrame(message, undefined, guestFrameBounds)).toThrow(
      expect.objectContaining({ code: "WIRE_TOO_LARGE" }),
    );
  });
});
