import bigInt from "big-integer";
import type { Logger } from "../../telemetry/index.ts";
import { type Clock, TelegraphistError } from "../contract/index.ts";
import { acknowledgeInTime } from "./cures/acknowledge-in-time.ts";
import { answerByCode } from "./cures/answer-by-code.ts";
import { useFastCipher } from "./cures/fast-cipher.ts";
import { forgetRequest } from "./cures/forget-request.ts";
import { FullTransport } from "./cures/full-transport.ts";
import { heedRefusals } from "./cures/heed-refusals.ts";
import { isolateContainerItems } from "./cures/isolate-container-items.ts";
import { keepMessageTime } from "./cures/keep-message-time.ts";
import { padAuthKeys } from "./cures/pad-auth-key.ts";
import { QuietLog } from "./cures/quiet-log.ts";
import { readContainerItems } from "./cures/read-container-items.ts";
import { removeAlert } from "./cures/remove-alert.ts";
import { failAllRequests, reportBrokenConnection } from "./cures/report-broken-connection.ts";
import { reportNewSession } from "./cures/report-new-session.ts";
import { reportUnreadable } from "./cures/report-unreadable.ts";
import type { DataCentre } from "./data-centres.ts";
import { connectionLost } from "./errors.ts";
import {
  Api,
  AuthKey,
  LAYER,
  MTProtoSender,
  RequestState,
  TypeNotFoundError,
  UpdateConnectionState,
} from "./gramjs.ts";
import { TelegramSocket } from "./socket.ts";

padAuthKeys();
readContainerItems();

/** What Telegram shows under "Devices" for the session. */
export interface Device {
  readonly model: string;
  readonly systemVersion: string;
  readonly appVersion: string;
}

/** The application's identity, from my.telegram.org. */
export interface ApiIdentity {
  readonly id: number;
  readonly hash: string;
}

export interface ConnectionOptions {
  readonly dataCentre: DataCentre;
  /** The permanent key of this data centre; `null` has a new one made. */
  readonly authKey: Uint8Array | null;
  readonly api: ApiIdentity;
  readonly device: Device;
  readonly logger: Logger;
  /** Of its time messages are made. */
  readonly clock: Pick<Clock, "now">;
  /** Takes what Telegram pushes, in order. Without it the connection asks for no updates. */
  readonly onUpdates?: (updates: Api.TypeUpdates) => void;
  /** Told the constructor of a message that the schema does not have; the message is lost. */
  readonly onUnreadable?: (constructorId: string) => void;
  /** Told when the server begins a new session on a connection that was open: updates of the old one may be lost. */
  readonly onNewSession?: () => void;
  /** Told where the server's data centres are. */
  readonly onAddresses?: (addresses: readonly Api.TypeDcOption[]) => void;
  /** Asked before every write; when it says no the connection ends, with nothing written. @default yes */
  readonly mayWrite?: () => boolean;
  /** Told once when an open connection ends without `close()`. */
  readonly onBroken: (error: TelegraphistError) => void;
}

/** The server closes a connection that has not pinged for so long; source: tdesktop's `kPingSendAfterForce` and TDLib. */
const disconnectDelaySeconds = 75;
const withoutUpdatesHead = Buffer.alloc(4);
withoutUpdatesHead.writeUInt32LE(Api.InvokeWithoutUpdates.CONSTRUCTOR_ID);
removeAlert();

/**
 * One MTProto connection to one data centre: GramJS's sender with its cures, and without its client. It never reconnects:
 * when it breaks, its requests fail with `CONNECTION_LOST` and its holder opens another.
 */
export class MtprotoConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: TelegramSocket;
  readonly #sender: MTProtoSender;
  readonly #transport: FullTransport;
  #failure: TelegraphistError | null = null;
  #cause: unknown;
  #isOpen = false;

  private constructor(options: ConnectionOptions, authKey: AuthKey) {
    this.#options = options;
    const log = new QuietLog(options.logger);
    this.#socket = new TelegramSocket(options);
    this.#transport = new FullTransport(options.dataCentre, this.#socket, log);
    this.#sender = new MTProtoSender(authKey, {
      logger: log,
      dcId: options.dataCentre.id,
      retries: 1,
      reconnectRetries: 0,
      delay: 0,
      autoReconnect: false,
      connectTimeout: null,
      authKeyCallback: null,
      // Lets a forgotten key be told through `updateCallback`; the other use of it is cured away.
      isMainSender: true,
      updateCallback: (_: unknown, update: unknown) => this.#receive(update),
      securityChecks: true,
      // Of its client a sender reads only the error handler, as the cures took its reconnecting from it.
      client: { _errorHandler: async (error: unknown) => this.#note(error) } as never,
      _exportedSenderPromises: new Map(),
    });
    useFastCipher(this.#sender);
    isolateContainerItems(this.#sender, (error) => this.#note(error));
    answerByCode(this.#sender);
    acknowledgeInTime(this.#sender);
    keepMessageTime(this.#sender, () => options.clock.now());
    heedRefusals(this.#sender, (reason) => this.#break(reason));
    reportUnreadable(this.#sender, (error) => this.#note(error));
    reportNewSession(this.#sender, () => {
      // Every connection begins with one.
      if (this.isOpen) options.onNewSession?.();
    });
    reportBrokenConnection(this.#sender, () => {
      this.#break(connectionLost(this.#socket.failure?.message ?? "the answers make no sense"));
    });
  }

  /**
   * Connects, agrees on a key where there is none, and names the application.
   *
   * @param signal bounds the whole of it
   * @throws {TelegraphistError} of category `NETWORK`; `AUTH_KEY_NOT_FOUND` when the server does not know the key
   */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<MtprotoConnection> {
    const authKey = new AuthKey();
    if (options.authKey !== null) await authKey.setKey(Buffer.from(options.authKey));
    const connection = new MtprotoConnection(options, authKey);
    const onAbort = () => connection.#break(connectionLost("it was not made in time"));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await connection.#connect(signal);
      return connection;
    } catch (error) {
      await connection.close();
      throw connection.#failure?.code === "AUTH_KEY_NOT_FOUND" ? connection.#failure : networkFailure(error);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  get dataCentreId(): number {
    return this.#options.dataCentre.id;
  }

  /** The permanent key, whether it was given or made. */
  get authKey(): Uint8Array {
    return Uint8Array.from(this.#sender.authKey.getKey() ?? []);
  }

  get isOpen(): boolean {
    return this.#isOpen && this.#failure === null;
  }

  /**
   * Sends one request and resolves with its answer. When the signal is aborted the request is forgotten and the signal's
   * reason thrown; Telegram may have carried it out.
   *
   * @throws {TelegraphistError} `CONNECTION_LOST`, or Telegram's own error
   */
  async send<R extends Api.AnyRequest>(request: R, signal: AbortSignal): Promise<R["__response"]> {
    if (this.#failure !== null) throw this.#failure;
    signal.throwIfAborted();
    const state = new RequestState(request);
    if (this.#options.onUpdates === undefined) state.data = Buffer.concat([withoutUpdatesHead, state.data]);
    this.#sender.addStateToQueue(state);
    // GramJS chains sends that leave together by `invokeAfterMsg`, where the failure of one fails those behind it.
    state.after = undefined;
    const forget = () => forgetRequest(this.#sender, state, signal.reason);
    signal.addEventListener("abort", forget, { once: true });
    try {
      // The state is settled by the request's own decoder, so with what the request answers.
      return (await state.promise) as R["__response"];
    } finally {
      signal.removeEventListener("abort", forget);
    }
  }

  /**
   * Asks for a sign of life, and asks the server to close the connection should these stop.
   *
   * @returns the round trip in milliseconds
   */
  async ping(signal: AbortSignal): Promise<number> {
    const startedAt = performance.now();
    const pingId = bigInt.randBetween(0, Number.MAX_SAFE_INTEGER);
    await this.send(new Api.PingDelayDisconnect({ pingId, disconnectDelay: disconnectDelaySeconds }), signal);
    return performance.now() - startedAt;
  }

  /** Ends the connection; requests that wait fail with the reason. A second call does nothing. */
  async close(reason = connectionLost("it was closed")): Promise<void> {
    this.#end(reason);
    await this.#sender.disconnect();
  }

  async #connect(signal: AbortSignal): Promise<void> {
    // GramJS answers `false` where it should throw, and a request after it would wait for ever (defect G6).
    if (!(await this.#sender.connect(this.#transport, false)))
      throw this.#cause ?? connectionLost("no answer");
    const config: unknown = await this.send(
      new Api.InvokeWithLayer({
        layer: LAYER,
        query: new Api.InitConnection({
          apiId: this.#options.api.id,
          deviceModel: this.#options.device.model,
          systemVersion: this.#options.device.systemVersion,
          appVersion: this.#options.device.appVersion,
          systemLangCode: "en",
          langPack: "",
          langCode: "en",
          query: new Api.help.GetConfig(),
        }),
      }),
      signal,
    );
    if (config instanceof Api.Config) this.#options.onAddresses?.(config.dcOptions);
    this.#isOpen = true;
  }

  #receive(update: unknown): void {
    if (update instanceof UpdateConnectionState) {
      if (update.state === UpdateConnectionState.broken) this.#break(unknownKey());
      return;
    }
    // The sender hands on nothing else than objects of the TL type `Updates`.
    this.#options.onUpdates?.(update as Api.TypeUpdates);
  }

  #note(error: unknown): void {
    this.#cause = error;
    this.#options.logger.debug("GramJS met an error", { error });
    if (error instanceof TypeNotFoundError) {
      this.#options.onUnreadable?.((error.invalidConstructorId >>> 0).toString(16).padStart(8, "0"));
    }
  }

  #break(error: TelegraphistError): void {
    const wasOpen = this.isOpen;
    if (!this.#end(error)) return;
    if (wasOpen) this.#options.onBroken(error);
  }

  #end(error: TelegraphistError): boolean {
    if (this.#failure !== null) return false;
    this.#failure = error;
    failAllRequests(this.#sender, error);
    this.#socket.close();
    void this.#transport.disconnect();
    return true;
  }
}

/** Whatever goes wrong on the way may go well the next time, a key exchange that the server refuses included. */
function networkFailure(error: unknown): TelegraphistError {
  if (error instanceof TelegraphistError) return error;
  return new TelegraphistError({
    code: "CONNECT_FAILED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot connect to Telegram: ${error instanceof Error ? error.message : "no reason given"}`,
    cause: error,
  });
}

function unknownKey(): TelegraphistError {
  return new TelegraphistError({
    code: "AUTH_KEY_NOT_FOUND",
    category: "AUTH",
    message: "Cannot use the session: Telegram does not know its key, log in again",
  });
}
