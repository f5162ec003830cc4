import { expect, test } from "bun:test";
import type { PeerLike } from "../../../runtime/contract/index.ts";
import { parsePeerLike } from "../../../runtime/telegram/peers/peer-like.ts";

/** Text of whatever form, as it comes from plugins without types. */
function parse(peer: string) {
  // The grammar is what is tested: the parser takes nothing on trust from the type.
  return parsePeerLike(peer as PeerLike);
}

test.each([
  ["me", { by: "self" }],
  ["@Ann_Lee", { by: "username", username: "ann_lee" }],
  ["https://t.me/Ann", { by: "username", username: "ann" }],
])("parsePeerLike(%j) reads a name", (peer, expected) => {
  expect<unknown>(parse(peer)).toEqual(expected);
});

test.each(["42", "-7", "-1000000000900"])("parsePeerLike(%j) reads an id", (id) => {
  expect<unknown>(parse(id)).toEqual({ by: "id", chatId: id });
});

test.each(["", "@", "@a-b", "ann", "https://t.me/+abcdef", "https://evil.example/ann", "0", "-0", "1e5"])(
  "parsePeerLike(%j) refuses what names nobody",
  (peer) => {
    expect(() => parse(peer)).toThrow(/Cannot read peer/);
  },
);

test.each(["+49 171 5550123", "see you at nine"])("parsePeerLike() does not repeat %j", (peer) => {
  expect(() => parse(peer)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(peer) }));
});
