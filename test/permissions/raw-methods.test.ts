import { expect, test } from "bun:test";
import { join } from "node:path";
import { sensitiveKindOf, unreachableReason } from "../../runtime/permissions/index.ts";
import { schemaText } from "../../runtime/telegram/gramjs.ts";

/** Every method of a layer under what it was found to reach; whoever takes a new layer in reads and adds its methods. */
const reviewed = await Bun.file(join(import.meta.dir, "methods-of-layer-198.txt")).text();

function reviewedKinds(): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  let kind = "";
  for (const line of reviewed.split("\n")) {
    if (line.startsWith("  ")) kinds.set(line.trim(), kind);
    else kind = line;
  }
  return kinds;
}

function methodsOfSchema(): readonly string[] {
  const functions = schemaText.split("---functions---").slice(1).join("");
  return [...functions.matchAll(/^([\w.]+)#[0-9a-f]+ /gm)].map(([, name = ""]) => name);
}

function kindOf(method: string): string {
  return unreachableReason(method) === null ? (sensitiveKindOf(method) ?? "ordinary") : "never";
}

test("every method of the schema was looked at, and is held as it was found", () => {
  const found = Object.fromEntries(methodsOfSchema().map((method) => [method, kindOf(method)]));
  expect(Object.keys(found).length).toBeGreaterThan(600);
  expect(found).toEqual(Object.fromEntries(reviewedKinds()));
});

test.each([
  ["auth.exportLoginToken", "session"],
  ["account.updatePasswordSettings", "account"],
  ["channels.joinChannel", "membership"],
  ["messages.importChatInvite", "membership"],
  ["chatlists.joinChatlistInvite", "membership"],
  ["contacts.importContacts", "address-book"],
  ["payments.sendStarsForm", "money"],
  ["messages.sendPaidReaction", "money"],
  ["messages.acceptUrlAuth", "bots"],
  ["messages.forwardMessages", "never"],
  ["invokeWithTakeout", "never"],
  ["messages.getHistory", "ordinary"],
])("%s is %s", (method, kind) => expect(kindOf(method)).toBe(kind));
