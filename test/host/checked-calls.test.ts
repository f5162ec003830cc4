import { afterEach, expect, test } from "bun:test";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { Broker } from "../../runtime/host/broker.ts";
import { Guard } from "../../runtime/host/guard.ts";
import { OnceKeys } from "../../runtime/host/once-keys.ts";
import { createLogger } from "../../telemetry/index.ts";
import { startTelemetry, type TelemetrySdk } from "../../telemetry/sdk/index.ts";
import { recordingTelegram } from "./recording-telegram.ts";

let telemetry: TelemetrySdk | undefined;
afterEach(() => telemetry?.stop());

test("CheckedCalls puts what was refused on the call's span, and neither path nor chat", async () => {
  const logger = createLogger({ write: () => undefined });
  const options = { serviceName: "host", version: "0.0.0", traces: true, metrics: false, logger };
  telemetry = await startTelemetry(options);
  const requested = { telegram: ["media:upload"], chats: ["*"], read: ["*"] } as const;
  const allow = { ...requested, read: [] };
  const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
  const broker = new Broker({
    port: recordingTelegram().port,
    guard: new Guard(parsePluginName("echo"), { requested, allow, deny: {} }, counters),
    signal: () => new AbortController().signal,
    baseFolder: "/",
    event: null,
    onceKeys: new OnceKeys(parsePluginName("echo"), null),
  });
  const refused = broker.upload("@ada", { path: "walnut/harmonica.pdf", kind: "document" });
  await expect(refused).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  const [trace] = telemetry.recentTraces(1);
  expect(trace?.spans[0]).toMatchObject({
    name: "broker.call",
    error: "PERMISSION_DENIED",
    attributes: { "telegraphist.permission": "read", "telegraphist.verdict": "not-allowed" },
  });
  expect(JSON.stringify(trace)).not.toMatch(/walnut|ada/);
});
