import { expect, test } from "bun:test";
import { z } from "zod";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { createStoreView } from "../../runtime/guest/index.ts";
import { createPluginStore } from "../../runtime/host/plugin-store.ts";
import { StorePace } from "../../runtime/host/store-pace.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { MemoryStore } from "./memory-store.ts";

const backend = new MemoryStore();
const pace = new StorePace(systemClock, new AbortController().signal);
const store = createPluginStore(parsePluginName("echo"), backend, pace);

test("Store keeps one plugin's entries from another's", async () => {
  await store.set("key", { a: 1 });
  expect(await store.get("key")).toEqual({ a: 1 });
  expect(await createPluginStore(parsePluginName("other"), backend, pace).get("key")).toBeUndefined();
  expect(await store.delete("key")).toBe(true);
  expect(await store.delete("key")).toBe(false);
});

test("Store holds the bounds of keys, values, times, and lists", async () => {
  await expect(store.get("")).rejects.toMatchObject({ code: "STORE_INVALID_KEY" });
  await expect(store.set("k".repeat(513), 1)).rejects.toMatchObject({ code: "STORE_INVALID_KEY" });
  await expect(store.set("k", "x".repeat(1024 * 1024))).rejects.toMatchObject({
    code: "STORE_VALUE_TOO_LARGE",
  });
  await expect(store.set("k", 1, { ttlMs: 0 })).rejects.toMatchObject({ code: "STORE_INVALID_TTL" });
  await expect(store.list("", { limit: 0 })).rejects.toMatchObject({ code: "STORE_INVALID_LIMIT" });
});

test("StoreView checks values on the way in and out, and shows keys without its prefix", async () => {
  const view = createStoreView(store, "people", z.object({ age: z.number() }));
  await view.set("ada", { age: 36 });
  expect(await view.get("ada")).toEqual({ age: 36 });
  expect(await view.get("bob")).toBeUndefined();
  expect(await view.list()).toEqual([{ key: "ada", value: { age: 36 }, expiresAtMs: null }]);
  await store.set("people:eve", { age: "old" });
  await expect(view.get("eve")).rejects.toMatchObject({ code: "STORE_INVALID_VALUE" });
  expect(await view.delete("ada")).toBe(true);
});
