import { expect, test } from "bun:test";
import type { PermissionSet } from "../../runtime/contract/index.ts";
import { compareGrants, type GrantChange } from "../../runtime/permissions/index.ts";

const requested: PermissionSet = { telegram: ["messages:read", "messages:send"], chats: ["*"] };
const read: PermissionSet = { telegram: ["messages:read"], chats: ["*"] };

const told = (changes: readonly GrantChange[]): readonly string[] =>
  changes.map(({ permission, entry, isDenial }) => `${isDenial ? "not " : ""}${permission} ${entry}`);

function compared(before: Partial<Record<"allow" | "deny", PermissionSet>>, after: typeof before) {
  const { widened, narrowed } = compareGrants(
    { requested, allow: {}, deny: {}, ...before },
    { requested, allow: {}, deny: {}, ...after },
  );
  return { widened: told(widened), narrowed: told(narrowed) };
}

test("compareGrants() tells what is granted more and less", () => {
  const both: PermissionSet = { telegram: ["messages:read", "messages:send"], chats: ["*"] };
  expect(compared({ allow: read }, { allow: both })).toEqual({
    widened: ["telegram messages:send"],
    narrowed: [],
  });
  expect(compared({ allow: both }, { allow: read })).toEqual({
    widened: [],
    narrowed: ["telegram messages:send"],
  });
});

test("compareGrants() takes a part of what was granted for less", () => {
  const one: PermissionSet = { ...read, chats: ["7"] };
  expect(compared({ allow: read }, { allow: one })).toEqual({ widened: [], narrowed: ["chats *"] });
  expect(compared({ allow: one }, { allow: read })).toEqual({ widened: ["chats *"], narrowed: [] });
});

test("compareGrants() takes an exception for less, and its end for more", () => {
  const deny: PermissionSet = { chats: ["7"] };
  expect(compared({ allow: read }, { allow: read, deny })).toEqual({
    widened: [],
    narrowed: ["not chats 7"],
  });
  expect(compared({ allow: read, deny }, { allow: read })).toEqual({
    widened: ["not chats 7"],
    narrowed: [],
  });
});

test("compareGrants() finds nothing in what nobody asks for", () => {
  expect(compared({}, { allow: { net: ["example.com"] } })).toEqual({ widened: [], narrowed: [] });
});
