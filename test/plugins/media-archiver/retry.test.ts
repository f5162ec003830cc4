import { expect, test } from "bun:test";
import { type ErrorCategory, TelegraphistError } from "telegraphist";
import { afterFailure } from "../../../plugins/media-archiver/retry.ts";

const bounds = { attempts: 0, maxAttempts: 3, nowMs: 1_000_000 };
const error = (code: string, category: ErrorCategory, data = {}) =>
  new TelegraphistError({ code, category, message: "Cannot download", data });

test("afterFailure() does not count what is nobody's fault", () => {
  const last = { ...bounds, attempts: 2 };
  expect(afterFailure(error("FLOOD_WAIT", "FLOOD_WAIT", { waitMs: 7000 }), last)).toEqual({
    after: "again",
    atMs: 1_007_000,
    countsAsAttempt: false,
  });
  for (const [code, category] of [
    ["ACCOUNT_OFFLINE", "NETWORK"],
    ["AUTH_KEY_UNREGISTERED", "AUTH"],
  ] as const) {
    expect(afterFailure(error(code, category), last)).toMatchObject({
      after: "again",
      countsAsAttempt: false,
    });
  }
});

test("afterFailure() has all downloads wait for a disk or a grant, and gives up a chat that is not granted", () => {
  const denied = (permission: string) => error("PERMISSION_DENIED", "PERMISSION", { permission });
  const pause = { after: "pause", untilMs: 1_600_000 } as const;
  expect(afterFailure(error("ENOSPC", "STORAGE"), bounds)).toEqual(pause);
  expect(afterFailure(denied("write"), bounds)).toEqual(pause);
  expect(afterFailure(denied("telegram"), bounds)).toEqual(pause);
  expect(afterFailure(denied("chats"), bounds)).toEqual({ after: "give-up" });
  expect(afterFailure(error("PERMISSION_DENIED", "PERMISSION"), bounds)).toEqual({ after: "give-up" });
});

test("afterFailure() tries again later each time, and gives up in the end", () => {
  const lost = error("MEDIA_SIZE_MISMATCH", "NETWORK");
  expect(afterFailure(lost, bounds)).toEqual({ after: "again", atMs: 1_030_000, countsAsAttempt: true });
  expect(afterFailure(lost, { ...bounds, attempts: 1 })).toMatchObject({ atMs: 1_060_000 });
  expect(afterFailure(lost, { ...bounds, attempts: 2 })).toEqual({ after: "give-up" });
  expect(afterFailure(new Error("unknown"), { ...bounds, attempts: 10, maxAttempts: 20 })).toMatchObject({
    atMs: 1_000_000 + 3_600_000,
  });
});

test("afterFailure() gives up at once what cannot be had", () => {
  expect(afterFailure(error("MEDIA_NONE", "NOT_FOUND"), bounds)).toEqual({ after: "give-up" });
  expect(afterFailure(error("CHANNEL_PRIVATE", "RIGHTS"), bounds)).toEqual({ after: "give-up" });
});
