import { describe, expect, test } from "bun:test";
import { createErrorTracker, createLogger, type LoggerOptions } from "../../telemetry/index.ts";

function capture(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const logger = createLogger({ ...options, write: (line) => lines.push(line) });
  return { logger, lines, records: () => lines.map((line): unknown => JSON.parse(line)) };
}

describe("createLogger()", () => {
  test("writes one JSON object a line", () => {
    const { logger, lines, records } = capture();
    logger.info("Account is online", { account: "me" });
    expect(lines[0]).toEndWith("}\n");
    expect(records()).toEqual([
      { level: "info", time: expect.any(String), account: "me", message: "Account is online" },
    ]);
  });

  test("redacts the message and the fields, also those of a child", () => {
    const { logger, lines } = capture();
    logger.child({ phone: "+15550001111" }).warn("Code sent to +79991234567", { token: "abc" });
    expect(lines.join("")).not.toMatch(/5550001111|9991234567|abc/);
  });

  test("leaves out what lies under its level", () => {
    const { logger, lines } = capture({ level: "warn" });
    logger.info("Quiet");
    logger.warn("Loud");
    expect(lines).toHaveLength(1);
  });

  test("changes the level of children that were made before", () => {
    const { logger, lines } = capture();
    const child = logger.child({ room: "bus" });
    child.debug("Before");
    logger.setLevel("debug");
    child.debug("After");
    expect(logger.level()).toBe("debug");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("After");
  });

  test("writes a line for people when it is asked to", () => {
    const { logger, lines } = capture({ format: "pretty" });
    logger.info("Account is online", { account: "me" });
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: Account is online \{"account":"me"\}\n$/);
  });

  test("tells the error tracker of errors alone", () => {
    const errors = createErrorTracker();
    const { logger } = capture({ errors });
    logger.warn("Slow");
    logger.child({ plugin: "echo" }).error("Cannot handle event", { error: new TypeError("no") });
    expect(errors.list()).toMatchObject([{ key: "TypeError", count: 1 }]);
  });
});

describe("createErrorTracker()", () => {
  test("counts by code, with the first and the last sighting and five samples", () => {
    let nowMs = 0;
    const tracker = createErrorTracker({ now: () => ++nowMs });
    for (let index = 1; index <= 7; index++) {
      tracker.record(`Try ${index}`, { error: Object.assign(new Error("x"), { code: "NETWORK_DOWN" }) });
    }
    const [tracked] = tracker.list();
    expect(tracked).toMatchObject({ key: "NETWORK_DOWN", count: 7, firstSeenAtMs: 1, lastSeenAtMs: 7 });
    expect(tracked?.samples.map(({ message }) => message)).toEqual([
      "Try 7",
      "Try 6",
      "Try 5",
      "Try 4",
      "Try 3",
    ]);
  });

  test("takes the line as key where no error was thrown", () => {
    const tracker = createErrorTracker();
    tracker.record("Cannot reach +79991234567");
    expect(tracker.list()[0]?.key).toBe("Cannot reach [redacted]");
  });

  test("forgets the key that was not seen for longest", () => {
    const tracker = createErrorTracker({ maxKeys: 2 });
    for (const key of ["a", "b", "a", "c"]) tracker.record(key);
    expect(tracker.list().map(({ key }) => key)).toEqual(["c", "a"]);
  });

  test("keeps no secret", () => {
    const tracker = createErrorTracker();
    tracker.record("x", { password: "hunter2", error: new Error("for +79991234567") });
    expect(JSON.stringify(tracker.list())).not.toMatch(/hunter2|79991234567/);
  });
});
