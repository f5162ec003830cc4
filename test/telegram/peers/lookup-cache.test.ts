import { expect, test } from "bun:test";
import { LookupCache } from "../../../runtime/telegram/peers/lookup-cache.ts";
import { LruMap } from "../../../runtime/telegram/peers/lru-map.ts";

test("LookupCache forgets an entry when its time is over", () => {
  let nowMs = 0;
  const cache = new LookupCache<string>({ now: () => nowMs });
  cache.set("username:ann", "42");
  nowMs = 299_999;
  expect(cache.get("username:ann")).toBe("42");
  nowMs = 300_000;
  expect(cache.get("username:ann")).toBeUndefined();
});

test("LookupCache.invalidate() forgets what fits the pattern, whose other characters mean themselves", () => {
  const cache = new LookupCache<number>({ now: () => 0 });
  for (const key of ["username:ann", "username:a.n", "chat:7"]) cache.set(key, 1);
  expect(cache.invalidate("username:a.*")).toBe(1);
  expect(cache.get("username:ann")).toBe(1);
  expect(cache.invalidate("*")).toBe(2);
  expect(cache.get("chat:7")).toBeUndefined();
});

test("LruMap drops the entry that was used longest ago", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  expect(map.get("a")).toBe(1);
  map.set("c", 3);
  expect(map.keys()).toEqual(["a", "c"]);
  expect(map.size).toBe(2);
});
