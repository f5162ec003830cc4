import {
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  metrics,
  type ObservableGauge,
  type UpDownCounter,
} from "@opentelemetry/api";

interface Description {
  readonly description: string;
  readonly unit?: string;
}

/**
 * Every instrument of the program. Labels never hold an id of a person or chat, a text, or a phone number: their number
 * must stay small, and they leave the machine.
 */
export const instruments = {
  /** Labels: account, event (`unmapped` when it became none), constructor. */
  updates: counter("telegraphist.updates", { description: "Updates received from Telegram" }),
  /** Labels: account, reason. */
  updateFetches: counter("telegraphist.updates.fetches", {
    description: "Times that missed updates were asked for",
  }),
  /** Labels: account, of (`account` or `channel`). */
  updateSkips: counter("telegraphist.updates.skips", {
    description: "Times that Telegram had too much to tell and updates were passed over",
  }),
  /** From the update's arrival to the end of the handler. Labels: plugin, event. */
  eventLatency: histogram("telegraphist.event.latency", {
    unit: "ms",
    description: "Time from an update's arrival to the end of its handler",
  }),
  /** Labels: method, account. */
  rpcLatency: histogram("telegraphist.rpc.latency", {
    unit: "ms",
    description: "Time of one RPC, without flood waits",
  }),
  /** Labels: method, error. */
  rpcErrors: counter("telegraphist.rpc.errors", { description: "RPCs that failed" }),
  /** Labels: method, account. */
  floodSeconds: counter("telegraphist.flood.seconds", {
    unit: "s",
    description: "Seconds that Telegram told the account to wait",
  }),
  /** Labels: account, priority. */
  rpcWaiting: upDownCounter("telegraphist.rpc.waiting", { description: "RPCs that wait for their turn" }),
  /** Labels: method, account, priority. */
  rpcWait: histogram("telegraphist.rpc.wait", {
    unit: "ms",
    description: "Time that an RPC waited for its turn, flood waits included",
  }),
  /** Labels: queue. */
  queueDepth: upDownCounter("telegraphist.queue.depth", { description: "Events that wait in a queue" }),
  /** Labels: plugin. */
  journalUnhandled: gauge("telegraphist.journal.unhandled", {
    description: "Events of the journal that a plugin has not handled",
  }),
  /** Labels: plugin. */
  journalAge: gauge("telegraphist.journal.age", {
    unit: "ms",
    description: "Age of the oldest event that a plugin has not handled",
  }),
  deadLetters: gauge("telegraphist.dead_letters", { description: "Events that were put aside" }),
  /** Labels: plugin, phase, error. */
  pluginErrors: counter("telegraphist.plugin.errors", { description: "Errors thrown by plugins" }),
  /** Labels: operation. */
  databaseTime: histogram("telegraphist.database.time", {
    unit: "ms",
    description: "Time of one database operation",
  }),
  /** Labels: account, state. */
  accountStates: counter("telegraphist.account.states", { description: "Changes of an account's state" }),
  /** Labels: account, outcome (`done` or the code of the error). */
  sessionRotations: counter("telegraphist.session.rotations", {
    description: "Sessions that were renewed, or could not be",
  }),
  /** Labels: account, direction (`down` or `up`). */
  transferBytes: counter("telegraphist.transfer.bytes", {
    unit: "By",
    description: "Bytes of media moved",
  }),
  /** Labels: method, route (the template, never the path), status. */
  adminLatency: histogram("telegraphist.admin.latency", {
    unit: "ms",
    description: "Time of one request to the admin API",
  }),
} as const;

/** The name of every instrument, as it is exported. */
export const metricNames: readonly string[] = Object.values(instruments).map(({ name }) => name);

/** An instrument that knows its own name. */
type Named<Instrument> = Instrument & { readonly name: string };

function counter(name: string, options: Description): Named<Counter> {
  const current = bound((meter) => meter.createCounter(name, options));
  return { name, add: (...measurement) => current().add(...measurement) };
}

function upDownCounter(name: string, options: Description): Named<UpDownCounter> {
  const current = bound((meter) => meter.createUpDownCounter(name, options));
  return { name, add: (...measurement) => current().add(...measurement) };
}

function histogram(name: string, options: Description): Named<Histogram> {
  const current = bound((meter) => meter.createHistogram(name, options));
  return { name, record: (...measurement) => current().record(...measurement) };
}

/** An instrument that is read when the metrics are collected. */
export type Gauge = Named<{ readonly observed: () => ObservableGauge }>;

function gauge(name: string, options: Description): Gauge {
  return { name, observed: bound((meter) => meter.createObservableGauge(name, options)) };
}

/**
 * Has gauges read together at every collection of the provider that is registered now, until the function that it
 * returns is called. A reading that rejects leaves them out of that collection.
 */
export function observeGauges(
  gauges: readonly Gauge[],
  read: (observe: (gauge: Gauge, value: number, labels?: Attributes) => void) => Promise<void>,
): () => void {
  const meter = metrics.getMeterProvider().getMeter("telegraphist");
  const observed = gauges.map((one) => one.observed());
  const callback: Parameters<Meter["addBatchObservableCallback"]>[0] = (result) =>
    read((one, value, labels) => result.observe(one.observed(), value, labels));
  meter.addBatchObservableCallback(callback, observed);
  return () => meter.removeBatchObservableCallback(callback, observed);
}

/**
 * Finds the instrument of the provider that is registered now: one that is made before the SDK starts would stay
 * without effect, as the metrics API, unlike that of traces, hands out no stand-in.
 */
function bound<Instrument>(make: (meter: Meter) => Instrument): () => Instrument {
  let last: { readonly provider: unknown; readonly instrument: Instrument } | undefined;
  return () => {
    const provider = metrics.getMeterProvider();
    if (last?.provider !== provider) {
      last = { provider, instrument: make(provider.getMeter("telegraphist")) };
    }
    return last.instrument;
  };
}
