import {
  type Disposer,
  type EventName,
  type Handler,
  type HttpRequest,
  type Log,
  type PluginContext,
  parseAccountName,
  TelegraphistError,
  type TelegraphistEvent,
} from "../contract/index.ts";
import {
  errorFromRecord,
  type IncomingCall,
  isPlainJson,
  isTelegramMethod,
  type Reply,
  readTelegramParameters,
  telegramParameters,
  wireError,
} from "../wire/index.ts";
import type { GuestDeliveries } from "./guest-deliveries.ts";
import { guestError } from "./guest-end.ts";
import { readFilter, readHttpRequest, readNumber, readOptional, readText } from "./guest-forms.ts";
import { GuestLog } from "./guest-log.ts";

/** What the plugin's process is handed at the desk, and what is handed over to it. */
export interface GuestDeskOptions {
  /** The plugin's ports, which check and bound each call. */
  readonly context: PluginContext<unknown>;
  readonly deliveries: GuestDeliveries;
  /** Gives the plugin's process an event. */
  readonly deliver: (handler: number, ...given: Parameters<Handler<TelegraphistEvent>>) => Promise<void>;
}

/** Handlers and schedules that a plugin may have at once. */
const maxHandlers = 1_000;

/**
 * Answers the calls of a plugin's process by the ports that a plugin in this process would have, so that both are
 * checked, traced, and undone in the same way. What comes is not trusted in its form either.
 */
export class GuestDesk {
  readonly #options: GuestDeskOptions;
  readonly #handlers = new Map<number, Disposer>();
  readonly #log = new GuestLog();

  constructor(options: GuestDeskOptions) {
    this.#options = options;
  }

  /** @throws {TelegraphistError} what the port throws, `CALL_INVALID` */
  async serve(call: IncomingCall): Promise<Reply> {
    const [port, method] = call.method.split(".");
    switch (port) {
      case "telegram":
        return { value: await this.#callTelegram(call, method ?? "") };
      case "store":
        return { value: await this.#callStore(method ?? "", call.params) };
      case "http":
        return this.#callHttp(call);
      case "on":
      case "schedule":
        this.#register(call);
        return {};
      case "off":
        await this.#handlers.get(readNumber(call.params[0]))?.();
        return {};
      case "clock":
        await this.#options.context.clock.sleep(readNumber(call.params[0]), { signal: call.signal });
        return {};
      default:
        throw unknownCall();
    }
  }

  /** @throws {TelegraphistError} why the process may not go on */
  onTold(topic: string, value: unknown): void {
    const { context, deliveries } = this.#options;
    if (topic === "uncaught") {
      const { code, message } = errorFromRecord(value);
      throw guestError("PLUGIN_CRASHED", context.name, `nobody caught an error, ${code}: ${message}`);
    }
    if (topic !== "log") throw wireError("WIRE_MALFORMED", "it tells of what nobody asked for");
    this.#log.take(value, (within, isHandlers) => {
      const delivery = deliveries.at(within);
      if (delivery === undefined) return context.log;
      const write = (level: keyof Log): Log[keyof Log] => {
        const { log } = isHandlers ? delivery.context : context;
        return (message, fields) => delivery.run(() => log[level](message, fields));
      };
      return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
    });
  }

  /** Log lines more that the plugin may write since so much time has passed. */
  linesFor(passedMs: number): number {
    return this.#log.give(passedMs);
  }

  #callTelegram(call: IncomingCall, method: string): Promise<unknown> {
    if (!isTelegramMethod(method)) throw unknownCall();
    const { context, deliveries } = this.#options;
    const [account, isHandlers, ...given] = call.params;
    const name = parseAccountName(readText(account));
    const delivery = deliveries.at(call.within);
    // A handler's port goes on to work when the handler has ended, as one of the plugin's.
    const own = isHandlers === true ? delivery?.context.telegram : undefined;
    const telegram = own?.account.name === name ? own : context.telegramOf(name);
    const params = readTelegramParameters(method, given);
    const optionsAt = telegramParameters[method].indexOf("options");
    const { signal, tellProgress } = call;
    const onProgress = tellProgress === null ? {} : { onProgress: tellProgress };
    // The options are a record when they were read, or nothing.
    params[optionsAt] = { ...(params[optionsAt] as object | undefined), signal, ...onProgress };
    // Each parameter has been read in the form that the method has it.
    const run = () => (telegram[method] as (...all: unknown[]) => Promise<unknown>)(...params);
    return delivery === undefined ? run() : delivery.run(run);
  }

  async #callStore(method: string, [first, second, third]: readonly unknown[]): Promise<unknown> {
    const { store } = this.#options.context;
    const key = readText(first);
    switch (method) {
      case "get": {
        const value = await store.get(key);
        return value === undefined ? [] : [value];
      }
      case "set": {
        if (!isPlainJson(second)) throw invalid("a value");
        const ttlMs = readOptional(third, readNumber);
        return store.set(key, second, ttlMs === undefined ? {} : { ttlMs });
      }
      case "delete":
        return store.delete(key);
      case "list": {
        const limit = readOptional(second, readNumber);
        const after = readOptional(third, readText);
        return store.list(key, {
          ...(limit !== undefined && { limit }),
          ...(after !== undefined && { after }),
        });
      }
      default:
        throw unknownCall();
    }
  }

  async #callHttp({ params: [url, given], attachment, signal, within }: IncomingCall): Promise<Reply> {
    const { context, deliveries } = this.#options;
    const request: HttpRequest = {
      ...readHttpRequest(given),
      ...(attachment && { body: attachment }),
      signal,
    };
    const send = () => context.http.request(readText(url), request);
    const response = await (deliveries.at(within)?.run(send) ?? send());
    const { status, headers, body } = response;
    return { value: { status, headers }, attachment: body };
  }

  #register({ method, params }: IncomingCall): void {
    const { context } = this.#options;
    const number = readNumber(params[0]);
    if (this.#handlers.has(number) || this.#handlers.size >= maxHandlers) {
      throw invalid(`handler ${number}`);
    }
    const name = readText(params[1]);
    const handle: Handler<TelegraphistEvent> = (event, given) => this.#options.deliver(number, event, given);
    const dispose = this.#start(method, name, params.slice(2), handle, context);
    this.#handlers.set(number, async () => {
      this.#handlers.delete(number);
      await dispose();
    });
  }

  #start(
    method: string,
    name: string,
    [first, second, third]: readonly unknown[],
    handle: Handler<TelegraphistEvent>,
    { on, schedule }: PluginContext<unknown>,
  ): Disposer {
    switch (method) {
      case "on":
        // The port refuses a name that there is no event of.
        return on(name as EventName, readFilter(first), handle);
      case "schedule.cron": {
        const timeZone = readOptional(second, readText);
        const missed = third === true ? "once" : "skip";
        return schedule.cron(name, readText(first), handle, { ...(timeZone && { timeZone }), missed });
      }
      case "schedule.after":
        return schedule.after(name, readNumber(first), handle, { keep: second === true });
      default:
        throw unknownCall();
    }
  }
}

function unknownCall(): TelegraphistError {
  return wireError("WIRE_MALFORMED", "there is no such call");
}

function invalid(what: string): TelegraphistError {
  return new TelegraphistError({
    code: "CALL_INVALID",
    category: "INVALID",
    message: `Cannot make the call as ${what} has not the right form`,
  });
}
