import { afterEach, describe, expect, test } from "bun:test";
import {
  createLogger,
  currentTraceparent,
  instruments,
  type LogLevel,
  observeGauges,
  span,
} from "../../../telemetry/index.ts";
import { startTelemetry, type TelemetryOptions, type TelemetrySdk } from "../../../telemetry/sdk/index.ts";
import { startOtlpReceiver } from "./otlp-receiver.ts";

let running: TelemetrySdk | undefined;
const lines: { level: LogLevel; message: string }[] = [];
const lineWritten = new EventTarget();

async function start(
  options: Partial<TelemetryOptions> = {},
  environment: Record<string, string> = {},
): Promise<TelemetrySdk> {
  Object.assign(process.env, environment);
  const logger = createLogger({
    write: (line) => {
      lines.push(JSON.parse(line));
      lineWritten.dispatchEvent(new Event("line"));
    },
  });
  running = await startTelemetry({
    serviceName: "telegraphist",
    version: "1.2.3",
    traces: true,
    metrics: true,
    logger,
    ...options,
  });
  return running;
}

async function nextLine(): Promise<void> {
  await new Promise((resolve) => lineWritten.addEventListener("line", resolve, { once: true }));
}

afterEach(async () => {
  await running?.stop({ deadlineMs: 500 });
  running = undefined;
  lines.length = 0;
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) delete process.env[name];
});

describe("startTelemetry()", () => {
  test("keeps the tree of spans over async calls", async () => {
    const sdk = await start();
    await span("telegram.update", { root: true, attributes: { "telegraphist.account": "me" } }, async () => {
      await Bun.sleep(0);
      await span("plugin.handle", {}, () => Promise.resolve());
    });
    const [trace] = sdk.recentTraces(10);
    expect(sdk.spans()).toBe(2);
    expect(trace?.spans.map(({ name }) => name)).toEqual(["telegram.update", "plugin.handle"]);
    expect(trace?.spans[1]?.parentSpanId).toBe(trace?.spans[0]?.spanId ?? "");
    expect(trace?.spans[0]?.attributes).toEqual({ "telegraphist.account": "me" });
  });

  test("goes on with a trace that plain data carried, whatever the propagators are", async () => {
    const sdk = await start({}, { OTEL_PROPAGATORS: "none" });
    let traceparent: string | undefined;
    await span("telegram.update", { root: true }, () => {
      traceparent = currentTraceparent();
    });
    await span("plugin.handle", { traceparent }, () => undefined);
    expect(sdk.recentTraces(10)).toHaveLength(1);
    await span("plugin.handle", { traceparent: "nonsense" }, () => undefined);
    expect(sdk.recentTraces(10)).toHaveLength(2);
  });

  test("puts code and category of what was thrown on the span, and no message", async () => {
    const sdk = await start();
    const failure = Object.assign(new Error("for +79991234567"), {
      code: "FLOOD_WAIT",
      category: "FLOOD_WAIT",
    });
    await expect(span("telegram.rpc", {}, () => Promise.reject(failure))).rejects.toBe(failure);
    const failed = sdk.recentTraces(1)[0]?.spans[0];
    expect(failed?.error).toBe("FLOOD_WAIT");
    expect(failed?.attributes).toMatchObject({ "telegraphist.error_category": "FLOOD_WAIT" });
    expect(JSON.stringify(sdk.recentTraces(1))).not.toContain("79991234567");
  });

  test("bounds the traces that it keeps, and leaves out those of the admin API", async () => {
    const sdk = await start();
    for (let index = 0; index < 250; index++) await span("telegram.update", { root: true }, () => undefined);
    await span("admin.request", { root: true }, () => undefined);
    expect(sdk.spans()).toBe(251);
    expect(sdk.recentTraces(1000)).toHaveLength(200);
    expect(sdk.recentTraces(1)[0]?.spans[0]?.name).toBe("telegram.update");
  });

  test("reads gauges when the metrics are asked for, until they are let go", async () => {
    const sdk = await start();
    let waiting = 3;
    const gauge = instruments.journalUnhandled;
    const letGo = observeGauges([gauge], async (observe) => observe(gauge, waiting, { plugin: "echo" }));
    expect(await sdk.metricsText()).toMatch(/^telegraphist_journal_unhandled\{plugin="echo"[^}]*\} 3/m);
    waiting = 4;
    expect(await sdk.metricsText()).toMatch(/^telegraphist_journal_unhandled\{plugin="echo"[^}]*\} 4/m);
    letGo();
    waiting = 5;
    expect(await sdk.metricsText()).not.toMatch(/^telegraphist_journal_unhandled\{[^}]*\} 5/m);
  });

  test("gives metrics that were declared before it started as text for Prometheus", async () => {
    const sdk = await start();
    instruments.updates.add(2, { account: "me", event: "message.received" });
    instruments.rpcLatency.record(12, { method: "messages.sendMessage" });
    const text = await sdk.metricsText();
    expect(text).toContain('telegraphist_updates_total{account="me",event="message.received"');
    expect(text).toContain("telegraphist_rpc_latency_bucket");
    expect(text).toContain("process_memory_usage");
  });

  test("starts anew after a stop", async () => {
    const first = await start();
    await first.stop();
    const second = await start();
    instruments.updates.add(1, { account: "second" });
    await span("telegram.update", {}, () => undefined);
    expect(first.spans()).toBe(0);
    expect(second.spans()).toBe(1);
    expect(await second.metricsText()).toContain('account="second"');
  });

  test("does nothing when it is disabled", async () => {
    const sdk = await start({}, { OTEL_SDK_DISABLED: "true" });
    await span("telegram.update", {}, () => undefined);
    expect(sdk.spans()).toBe(0);
    expect(await sdk.metricsText()).toStartWith("#");
  });

  test("obeys OTEL_TRACES_SAMPLER", async () => {
    const sdk = await start({}, { OTEL_TRACES_SAMPLER: "always_off" });
    await span("telegram.update", {}, () => undefined);
    expect(sdk.spans()).toBe(0);
  });
});

describe("export over OTLP", () => {
  test("sends spans and metrics as JSON, with headers and names from the environment", async () => {
    using receiver = startOtlpReceiver();
    const sdk = await start(
      {},
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic abc",
        OTEL_SERVICE_NAME: "mine",
      },
    );
    instruments.updates.add(1, { account: "me" });
    await span("telegram.update", { attributes: { "telegraphist.account": "me" } }, () => undefined);
    const stopped = sdk.stop();
    const [traces, metrics] = await Promise.all([receiver.next("/v1/traces"), receiver.next("/v1/metrics")]);
    await stopped;
    expect(traces.authorization).toBe("Basic abc");
    const [resourceSpans] = JSON.parse(traces.body).resourceSpans;
    expect(resourceSpans.scopeSpans[0].spans[0].name).toBe("telegram.update");
    expect(resourceSpans.resource.attributes).toContainEqual({
      key: "service.name",
      value: { stringValue: "mine" },
    });
    expect(metrics.body).toContain("telegraphist.updates");
  });

  test("sends protobuf by default, to the configured endpoint before that of the environment", async () => {
    using receiver = startOtlpReceiver();
    const sdk = await start(
      { otlpEndpoint: `${receiver.url}/` },
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" },
    );
    await span("telegram.update", {}, () => undefined);
    const stopped = sdk.stop();
    const received = await receiver.next("/v1/traces");
    await stopped;
    expect(received.contentType).toBe("application/x-protobuf");
    expect(received.body).toContain("telegram.update");
  });

  test("uses protobuf, and says so, when the protocol is not known", async () => {
    using receiver = startOtlpReceiver();
    const sdk = await start(
      { otlpEndpoint: receiver.url, metrics: false },
      { OTEL_EXPORTER_OTLP_PROTOCOL: "carrier-pigeon" },
    );
    await span("telegram.update", {}, () => undefined);
    const stopped = sdk.stop();
    expect((await receiver.next("/v1/traces")).contentType).toBe("application/x-protobuf");
    await stopped;
    expect(lines.map(({ message }) => message)).toEqual([expect.stringContaining('"carrier-pigeon"')]);
  });

  test("sends nothing of a signal whose exporter is none", async () => {
    using receiver = startOtlpReceiver();
    const sdk = await start(
      { otlpEndpoint: receiver.url },
      { OTEL_METRICS_EXPORTER: "none", OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
    );
    instruments.updates.add(1);
    await span("telegram.update", {}, () => undefined);
    await sdk.stop();
    expect(receiver.paths()).toEqual(["/v1/traces"]);
  });

  test("exports neither the command line nor a phone number", async () => {
    using receiver = startOtlpReceiver();
    const sdk = await start({ otlpEndpoint: receiver.url }, { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" });
    await span("telegram.rpc", { attributes: { "rpc.method": "auth.sendCode +79991234567" } }, (active) => {
      active.event("sent to 79991234567", { to: "79991234567" });
    });
    const stopped = sdk.stop();
    const { body } = await receiver.next("/v1/traces");
    await stopped;
    expect(body).not.toMatch(/9991234567|process\.command/);
  });

  test("says once that the collector fails, and once that it works again", async () => {
    using receiver = startOtlpReceiver();
    receiver.status = 400;
    await start({ otlpEndpoint: receiver.url, metrics: false }, { OTEL_BSP_SCHEDULE_DELAY: "1" });
    const warned = nextLine();
    await span("telegram.update", {}, () => undefined);
    await warned;
    await receiver.next("/v1/traces");
    await span("telegram.update", {}, () => undefined);
    await receiver.next("/v1/traces");
    receiver.status = 200;
    const recovered = nextLine();
    await span("telegram.update", {}, () => undefined);
    await recovered;
    expect(lines.map(({ level }) => level)).toEqual(["warn", "info"]);
  });

  test("stops at its deadline when nobody answers", async () => {
    const silent = Promise.withResolvers<Response>();
    await using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => silent.promise });
    const sdk = await start({ otlpEndpoint: server.url.origin, metrics: false });
    await span("telegram.update", {}, () => undefined);
    await sdk.stop({ deadlineMs: 20 });
    silent.resolve(new Response());
    expect(lines.map(({ message }) => message)).toEqual([
      "Stopped telemetry before all was sent: deadline passed",
    ]);
  });
});
