import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { loggedOutCodes } from "../../../runtime/telegram/errors.ts";

const root = join(import.meta.dir, "../../..");
const page = await Bun.file(join(root, "docs/accounts.md")).text();
const code = await Bun.file(join(root, "runtime/telegram/account-state.ts")).text();

/** The tags of the union, in its order. */
const states = [...code.matchAll(/^ {2}\| \(?StateBase<"([a-z-]+)">/gm)].map(([, state = ""]) => state);
/** The words of a text that could be the name of a state. */
const wordsOf = (text: string) => new Set(text.match(/[a-z]+(-[a-z]+)*/g));

describe("docs/accounts.md", () => {
  test("draws every state that an account can be in", () => {
    expect(states).toHaveLength(9);
    const drawing = /<!-- states.*?-->(.*?)<!-- end of states -->/s.exec(page)?.[1] ?? "";
    expect(states.filter((state) => !wordsOf(drawing).has(state))).toEqual([]);
  });

  test("says of every state, and of no other, what goes on in it", () => {
    const table = /\| State \|.*?\n\n/s.exec(page)?.[0] ?? "";
    const named = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, state = ""]) => state);
    expect(named.toSorted()).toEqual(states.toSorted());
  });

  test("names every error that ends a session", () => {
    const table = /\| Error \|.*?\n\n/s.exec(page)?.[0] ?? "";
    for (const error of loggedOutCodes) expect(table).toContain(`\`${error}\``);
  });
});
