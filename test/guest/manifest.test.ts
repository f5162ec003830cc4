import { expect, test } from "bun:test";
import { type Manifest, readManifest } from "../../runtime/guest/index.ts";

const manifest: Manifest = {
  name: "echo",
  version: "1.0.0",
  description: "Answers",
  permissions: { telegram: ["messages:read"], chats: ["*"] },
  requires: [],
};

test("readManifest() takes what a plugin says of itself, without what it may not say", () => {
  const permissions = { ...manifest.permissions, everything: ["*"] };
  expect(readManifest({ ...manifest, permissions, more: 1 })).toEqual(manifest);
});

test.each([
  ["manifest", null],
  ["manifest", [manifest]],
  ["name", { ...manifest, name: "../other" }],
  ["version", { ...manifest, version: 1 }],
  ["description", { ...manifest, description: "x".repeat(1_000) }],
  ["permissions", { ...manifest, permissions: [] }],
  ["permissions.read", { ...manifest, permissions: { read: "*" } }],
  ["permissions.chats", { ...manifest, permissions: { chats: Array.from({ length: 2_000 }, () => "*") } }],
  ["requires", { ...manifest, requires: [1] }],
])("readManifest() refuses a wrong %s", (part, told) => {
  expect(() => readManifest(told)).toThrow(
    expect.objectContaining({ code: "PLUGIN_INVALID", message: expect.stringContaining(`"${part}"`) }),
  );
});
