import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { TlCodec } from "../../../runtime/emulator/tl/codec.ts";
import { gramjsLayer } from "../../../runtime/emulator/tl/layers.ts";
import { parseSchema, type TlDefinition, type TlType } from "../../../runtime/emulator/tl/schema.ts";
import { TlWriter } from "../../../runtime/emulator/tl/tl-writer.ts";
import type { TlObject, TlValue } from "../../../runtime/emulator/tl/value.ts";

const codec = new TlCodec(gramjsLayer.schema);
const definitions = parseSchema(gramjsLayer.schema);

const message: TlObject = {
  _: "message",
  out: true,
  id: 7,
  from_id: { _: "peerUser", user_id: 5n },
  peer_id: { _: "peerChannel", channel_id: 2n ** 40n },
  date: 1_700_000_000,
  message: "grüße",
  entities: [{ _: "messageEntityBold", offset: 0, length: 5 }],
};

describe("TlCodec", () => {
  test("reads back what it wrote, flags and vectors included", () => {
    expect(codec.decode(codec.encode(message))).toEqual(message);
  });

  test("leaves out what is not set, false flags included", () => {
    expect(codec.decode(codec.encode({ ...message, out: false }))).not.toHaveProperty("out");
  });

  test("reads back every constructor of the layer in its fullest form", () => {
    const failed = definitions.filter((definition) => {
      const object = sampleOf(definition, 0);
      const bytes = definition.isFunction ? codec.encodeCall(object) : codec.encode(object);
      return !Bun.deepEquals(codec.decode(bytes), object) || bytes.length % 4 !== 0;
    });
    expect(failed.map(({ name }) => name)).toEqual([]);
  });

  test("writes the answer of a method by its type", () => {
    expect(codec.encodeAnswer("contacts.getContactIDs", [1, -1])).toEqual(
      Uint8Array.from(Buffer.from("15c4b51c0200000001000000ffffffff", "hex")),
    );
    expect(codec.encodeAnswer("auth.resetAuthorizations", true)).toEqual(
      Uint8Array.from(Buffer.from("b5757299", "hex")),
    );
  });

  test("reads an object that is gzipped", () => {
    const writer = new TlWriter();
    writer.uint32(0x3072cfa1);
    writer.bytes(gzipSync(codec.encode(message)));
    expect(codec.decode(writer.take())).toEqual(message);
  });

  test("keeps byte strings of every length class", () => {
    for (const length of [0, 1, 3, 253, 254, 70_000]) {
      const part = {
        _: "upload.saveFilePart",
        file_id: 1n,
        file_part: 0,
        bytes: new Uint8Array(length).fill(9),
      };
      expect(codec.decode(codec.encodeCall(part))).toEqual(part);
    }
  });

  test.each<[string, TlObject, string]>([
    ["a missing field", { _: "peerUser" }, "Cannot write peerUser.user_id: it is missing"],
    [
      "a number for a long",
      { _: "peerUser", user_id: 5 },
      "Cannot write peerUser.user_id: want a signed 64-bit bigint, received number",
    ],
    [
      "a long out of range",
      { _: "peerUser", user_id: 2n ** 63n },
      "Cannot write peerUser.user_id: want a signed 64-bit bigint, received bigint",
    ],
    [
      "an int out of range",
      { _: "dialogPeerFolder", folder_id: 2 ** 31 },
      "Cannot write dialogPeerFolder.folder_id: want a 32-bit integer, received number",
    ],
    [
      "an object of another type",
      { ...message, peer_id: { _: "inputPeerSelf" } },
      "Cannot write message.peer_id: want Peer, received inputPeerSelf",
    ],
    ["an unknown name", { _: "peerCat" }, 'Cannot write "peerCat": no constructor has that name'],
    [
      "a value in place of a vector",
      { ...message, entities: "x" },
      "Cannot write message.entities: want an array, received string",
    ],
  ])("refuses %s and names it", (_, object, text) => {
    expect(() => codec.encode(object)).toThrow(text);
  });

  test("is usable after an error in the middle of a value", () => {
    expect(() => codec.encode({ ...message, message: undefined })).toThrow("message.message");
    expect(codec.decode(codec.encode(message))).toEqual(message);
  });

  test("refuses bytes that end early, at every length", () => {
    const bytes = codec.encode(message);
    for (let length = 0; length < bytes.length; length += 4) {
      expect(() => codec.decode(bytes.subarray(0, length))).toThrow("Cannot read");
    }
  });

  test("refuses a constructor that the schema lacks", () => {
    expect(() => codec.decode(Uint8Array.of(1, 2, 3, 4))).toThrow("Cannot read constructor 04030201");
  });

  test("refuses gzip that is broken", () => {
    const writer = new TlWriter();
    writer.uint32(0x3072cfa1);
    writer.bytes(new Uint8Array(20));
    expect(() => codec.decode(writer.take())).toThrow("Cannot unpack 20 bytes of gzip");
  });
});

describe("parseSchema()", () => {
  test("tells functions from constructors", () => {
    const [type, method] = parseSchema("a#1 x:int = A;\n---functions---\nb.c#2 {X:Type} q:!X = X;");
    expect(type?.isFunction).toBe(false);
    expect(method).toMatchObject({ name: "b.c", isFunction: true, fields: [{ name: "q" }] });
  });

  test("refuses a line that is none of TL", () => {
    expect(() => parseSchema("what is this")).toThrow(SyntaxError);
  });
});

/** An object of the definition with every field set; deeper down, the constructors with the fewest fields. */
function sampleOf(definition: TlDefinition, depth: number): TlObject {
  const fields = definition.fields.filter(
    ({ type, condition }) => !isFlags(type) && (condition === null || depth < 2),
  );
  return {
    _: definition.name,
    ...Object.fromEntries(fields.map((field) => [field.name, sampleValue(field.type, depth)])),
  };
}

function sampleValue(type: TlType, depth: number): TlValue {
  switch (type.kind) {
    case "vector":
      return depth > 1 ? [] : [sampleValue(type.item, depth + 1)];
    case "any":
      return { _: "help.getConfig" };
    case "bare":
      return sampleOf(named(type.name), depth + 1);
    case "boxed":
      return sampleOf(simplestOf(type.name), depth + 1);
    case "basic":
      return BASIC_SAMPLES[type.name];
  }
}

const BASIC_SAMPLES = {
  flags: 0,
  int: -3,
  long: -(2n ** 62n),
  double: 1.5,
  int128: new Uint8Array(16).fill(1),
  int256: new Uint8Array(32).fill(2),
  string: "text",
  bytes: new Uint8Array([1, 2, 3]),
  Bool: true,
  true: true,
} as const;

function isFlags(type: TlType): boolean {
  return type.kind === "basic" && type.name === "flags";
}

function named(name: string): TlDefinition {
  const definition = definitions.find((other) => other.name === name);
  if (definition === undefined) throw new Error(`No definition ${name}`);
  return definition;
}

function simplestOf(typeName: string): TlDefinition {
  const [simplest] = definitions
    .filter(({ result, isFunction }) => !isFunction && result.kind === "boxed" && result.name === typeName)
    .sort((a, b) => a.fields.length - b.fields.length);
  if (simplest === undefined) throw new Error(`No constructor of ${typeName}`);
  return simplest;
}
