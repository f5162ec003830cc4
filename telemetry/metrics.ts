import { metrics } from "@opentelemetry/api";

const meter = metrics.getMeter("telegraphist");

/**
 * Every instrument of the program. Labels never hold an id of a person or chat, a text, or a phone number: their number
 * must stay small, and they leave the machine.
 */
export const instruments = {
  /** Labels: account, event (`unmapped` when it became none), constructor. */
  updates: meter.createCounter("telegraphist.updates", { description: "Updates received from Telegram" }),
  /** From the update's arrival to the end of the handler. Labels: plugin, event. */
  eventLatency: meter.createHistogram("telegraphist.event.latency", {
    unit: "ms",
    description: "Time from an update's arrival to the end of its handler",
  }),
  /** Labels: method, account. */
  rpcLatency: meter.createHistogram("telegraphist.rpc.latency", {
    unit: "ms",
    description: "Time of one RPC, without flood waits",
  }),
  /** Labels: method, error. */
  rpcErrors: meter.createCounter("telegraphist.rpc.errors", { description: "RPCs that failed" }),
  /** Labels: method, account. */
  floodSeconds: meter.createCounter("telegraphist.flood.seconds", {
    unit: "s",
    description: "Seconds that Telegram told the account to wait",
  }),
  /** Labels: queue. */
  queueDepth: meter.createUpDownCounter("telegraphist.queue.depth", {
    description: "Events that wait in a queue",
  }),
  /** Labels: plugin, phase, error. */
  pluginErrors: meter.createCounter("telegraphist.plugin.errors", {
    description: "Errors thrown by plugins",
  }),
  /** Labels: operation. */
  databaseTime: meter.createHistogram("telegraphist.database.time", {
    unit: "ms",
    description: "Time of one database operation",
  }),
  /** Labels: account, state. */
  accountStates: meter.createCounter("telegraphist.account.states", {
    description: "Changes of an account's state",
  }),
  /** Labels: account, direction (`down` or `up`). */
  transferBytes: meter.createCounter("telegraphist.transfer.bytes", {
    unit: "By",
    description: "Bytes of media moved",
  }),
} as const;
