import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createEventBus } from "../../runtime/bus/index.ts";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { createHost } from "../../runtime/host/index.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { startTelemetry, type TelemetrySdk } from "../../telemetry/sdk/index.ts";
import { ask, sampleAdmin } from "../admin/sample-admin.ts";
import { MemoryStore } from "../host/memory-store.ts";
import { recordingTelegram } from "../host/recording-telegram.ts";
import { me, memoryStorage } from "../storage/fixture.ts";
import { account, received } from "../support/sample-events.ts";

const logger = createLogger({ write: () => undefined });
let telemetry: TelemetrySdk;

beforeEach(async () => {
  const options = { serviceName: "measured", version: "0.0.0", traces: true, metrics: true, logger };
  telemetry = await startTelemetry(options);
});
afterEach(() => telemetry.stop());

/** The lines of one metric, as Prometheus would read them. */
async function linesOf(metric: string): Promise<readonly string[]> {
  return (await telemetry.metricsText()).split("\n").filter((line) => line.startsWith(`${metric}{`));
}

describe("metrics", () => {
  test("hold the depth of a queue while it waits, and after", async () => {
    const bus = createEventBus({ logger });
    const { promise, resolve } = Promise.withResolvers<void>();
    bus.subscribe("message.received", undefined, () => promise, { owner: "slow" });
    await bus.emit(received());
    await bus.emit(received());
    expect(await linesOf("telegraphist_queue_depth")).toEqual([expect.stringMatching(/queue="slow".*\} 1$/)]);
    resolve();
    await bus.drain();
    expect(await linesOf("telegraphist_queue_depth")).toEqual([expect.stringMatching(/queue="slow".*\} 0$/)]);
  });

  test("hold the time of a plugin's events and its errors, and no text of either", async () => {
    const bus = createEventBus({ logger });
    const accounts = { refs: () => [account], telegramOf: () => recordingTelegram().port };
    const baseFolder = `${import.meta.dir}/../host/plugins`;
    const host = createHost({
      bus,
      accounts,
      store: new MemoryStore(),
      logger,
      clock: systemClock,
      baseFolder,
      pluginFolder: baseFolder,
    });
    await host.start([
      {
        isolation: "inline",
        trusted: true,
        name: parsePluginName("probe"),
        use: "./probe.ts",
        accounts: [account.name],
        allow: { telegram: ["messages:read"], chats: ["*"] },
        deny: {},
        config: { mode: "throw" },
      },
    ]);
    await bus.emit(received({ text: "walnut harmonica" }));
    await bus.drain();
    await host.stop();
    expect(await linesOf("telegraphist_event_latency_count")).toEqual([
      expect.stringMatching(/plugin="probe".*event="message\.received".*\} 1$/),
    ]);
    expect(await linesOf("telegraphist_plugin_errors_total")).toEqual([
      expect.stringMatching(/plugin="probe".*phase="handler".*error="Error".*\} 1$/),
    ]);
    expect(await telemetry.metricsText()).not.toContain("walnut");
  });

  test("hold the time of each database operation by its name", async () => {
    await using storage = await memoryStorage();
    await storage.sessions.load(me);
    const lines = await linesOf("telegraphist_database_time_count");
    expect(lines).toContainEqual(expect.stringMatching(/operation="sessions\.load".*\} 1$/));
  });

  test("hold requests to the admin API by their template, whatever a stranger asks for", async () => {
    const { admin } = sampleAdmin();
    await ask(admin, "/api/plugins/autoresponder/restart", { method: "POST" });
    await ask(admin, "/walnut/harmonica?phone=79991234567");
    const lines = (await linesOf("telegraphist_admin_latency_count")).join("\n");
    expect(lines).toMatch(/method="POST".*route="\/api\/plugins\/:name\/restart".*status="200".*\} 1/);
    expect(lines).toMatch(/route="unmatched".*status="404".*\} 1/);
    expect(lines).not.toMatch(/walnut|7999/);
  });
});
