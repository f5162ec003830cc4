import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { Logger as GramLogger, LogLevel } from "telegram/extensions/Logger";
import { QuietLog } from "../../../runtime/telegram/cures/quiet-log.ts";
import { createLogger } from "../../../telemetry/index.ts";
import { silent, startMtprotoRig } from "../support/mtproto-rig.ts";

const spies = [spyOn(console, "log"), spyOn(console, "error")];
for (const spy of spies) spy.mockImplementation(() => undefined);
const written = () => spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);

afterEach(() => {
  for (const spy of spies) spy.mockClear();
});

describe("QuietLog (G18)", () => {
  test("keeps a client that cannot connect off the console, which GramJS's own log does not", async () => {
    await using rig = startMtprotoRig();
    await rig.server.stop();
    for (const [log, expected] of [
      [new QuietLog(silent), 0],
      [new GramLogger(LogLevel.ERROR), 2],
    ] as const) {
      for (const spy of spies) spy.mockClear();
      const client = rig.rawClient(log);
      await client.connect();
      expect(written()).toBe(expected);
    }
  });

  test("passes on warnings without the values in them", () => {
    const lines: string[] = [];
    const log = new QuietLog(createLogger({ level: "debug", write: (line) => lines.push(line) }));
    log.warn("Received response without parent request: secret");
    log.warn("Type 1234 not found, remaining data secret");
    log.info("not passed on");
    expect(lines.map((line) => JSON.parse(line).line)).toEqual([
      "Received response without parent request",
      "Type",
    ]);
  });
});
