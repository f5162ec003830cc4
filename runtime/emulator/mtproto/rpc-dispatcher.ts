import { type LostCall, type RpcCall, RpcError, type RpcHandler, type RpcHandlers } from "../methods/rpc.ts";
import { TlError } from "../tl/tl-error.ts";
import type { TlObject } from "../tl/value.ts";
import type { AnswerLog } from "./answer-log.ts";
import type { Codecs } from "./codecs.ts";
import type { Connection } from "./connection.ts";
import { type Message, packResult, zippedIfShorter } from "./packing.ts";
import type { Session } from "./session.ts";
import { layerNamedBy, type Unwrapped, unwrap } from "./unwrapping.ts";

export interface RpcDispatcherOptions {
  readonly handlers: RpcHandlers | (() => RpcHandlers);
  readonly codecs: Codecs;
  readonly intercept: (method: string, call: RpcCall) => RpcError | LostCall | undefined;
  readonly onHandlerError: (method: string, error: unknown) => void;
  /** Answers `auth.bindTempAuthKey`, which is about the message that it came in. @throws {RpcError} */
  readonly bindKey: (session: Session, messageId: bigint, request: TlObject) => true;
}

const bindMethod = "auth.bindTempAuthKey";

/** Files are compressed already. */
const incompressible = new Set(["upload.getFile"]);

/** Runs the methods that clients call and sends their answers. */
export class RpcDispatcher {
  readonly #options: RpcDispatcherOptions;
  #handlers: RpcHandlers | null = null;
  readonly calls = new Map<string, number>();
  readonly unknownMethods = new Map<string, number>();

  constructor(options: RpcDispatcherOptions) {
    this.#options = options;
  }

  /** Runs the call in a message; when the message came before, sends the answer that it had. */
  run(session: Session, connection: Connection, message: Message): void {
    const earlier = session.answers.get(message.id);
    if (earlier === undefined) {
      void this.#answer(session, connection, message);
    } else if (earlier.state === "answered" && earlier.body !== null) {
      session.send(earlier.body, true, "answer");
    }
  }

  /** Never rejects: whatever a method throws becomes its answer. */
  async #answer(session: Session, connection: Connection, message: Message): Promise<void> {
    const finish = session.answers.begin(message.id);
    const acknowledgement = setImmediate(() => session.send(this.#acknowledgementOf(message), false, "own"));
    const outcome = await this.#outcome(session, connection, message);
    clearImmediate(acknowledgement);
    if (outcome === null || session.answers.isDropped(message.id)) {
      finish(null);
      return;
    }
    const body = packResult(message.id, outcome.result);
    const id = session.send(body, true, "answer");
    finish({ id, body, succeeded: outcome.succeeded });
  }

  /** What to answer; null when the connection was cut instead. The method is entered within the same turn. */
  async #outcome(session: Session, connection: Connection, message: Message): Promise<Outcome | null> {
    let method = "";
    let isLost = false;
    try {
      const request = this.#decode(session, message);
      if (session.key.permanent === null && request.call._ !== bindMethod) {
        throw new RpcError(401, "AUTH_KEY_PERM_EMPTY");
      }
      const call = callOf(session, connection, request, this.#options.codecs.highestLayer);
      method = request.call._;
      count(this.calls, method);
      if (!request.withoutUpdates && !isFileMethod(method)) session.takesUpdates = true;
      if (request.after.length > 0) await afterOthers(session.answers, request.after);

      const fault = this.#options.intercept(method, call);
      if (fault === "drop-connection") {
        connection.close();
        return null;
      }
      if (fault instanceof RpcError) throw fault;
      isLost = fault === "drop-answer";
      const answer =
        method === bindMethod
          ? this.#options.bindKey(session, message.id, request.call)
          : await this.#handlerOf(method)(request.call, call);
      const result = this.#options.codecs.of(call.layer).encodeAnswer(method, answer);
      return { result: incompressible.has(method) ? result : zippedIfShorter(result), succeeded: true };
    } catch (thrown) {
      if (!(thrown instanceof RpcError)) this.#options.onHandlerError(method, thrown);
      const error = thrown instanceof RpcError ? thrown : new RpcError(500, "INTERNAL");
      return { result: this.#encodedError(error), succeeded: false };
    } finally {
      if (isLost) connection.close();
    }
  }

  /** @throws {RpcError} when the schema of the client's layer cannot read the message */
  #decode(session: Session, message: Message): Unwrapped {
    const layer = layerNamedBy(message.body);
    if (layer !== null) session.key.layer = layer;
    try {
      return unwrap(this.#options.codecs.of(session.key.layer), message.body);
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
      if (error.unknownId === null) throw new RpcError(400, "INPUT_FETCH_FAIL");
      count(this.unknownMethods, `#${error.unknownId.toString(16).padStart(8, "0")}`);
      throw new RpcError(400, "INPUT_METHOD_INVALID");
    }
  }

  /** @throws {RpcError} when there is none */
  #handlerOf(method: string): RpcHandler {
    const { handlers } = this.#options;
    this.#handlers ??= typeof handlers === "function" ? handlers() : handlers;
    const handler = Object.hasOwn(this.#handlers, method) ? this.#handlers[method] : undefined;
    if (handler !== undefined) return handler;
    count(this.unknownMethods, method);
    throw new RpcError(400, "METHOD_INVALID");
  }

  #acknowledgementOf(message: Message): Uint8Array {
    return this.#options.codecs.service.encode({ _: "msgs_ack", msg_ids: [message.id] });
  }

  #encodedError({ errorCode, errorMessage }: RpcError): Uint8Array {
    return this.#options.codecs.service.encode({
      _: "rpc_error",
      error_code: errorCode,
      error_message: errorMessage,
    });
  }
}

interface Outcome {
  readonly result: Uint8Array;
  readonly succeeded: boolean;
}

/** Remembers what `initConnection` says, which holds for the key from then on. */
function callOf(
  session: Session,
  connection: Connection,
  { initConnection, withoutUpdates }: Unwrapped,
  highestLayer: number,
): RpcCall {
  const { key } = session;
  if (initConnection !== null) {
    key.client = {
      apiId: Number(initConnection.api_id),
      deviceModel: String(initConnection.device_model),
      systemVersion: String(initConnection.system_version),
      appVersion: String(initConnection.app_version),
    };
  }
  return {
    authKeyId: (key.permanent ?? key).id,
    sessionId: session.id,
    dcId: connection.dcId,
    layer: key.layer === 0 ? highestLayer : key.layer,
    client: { ...key.client, ip: connection.remoteAddress },
    withoutUpdates,
  };
}

/** Clients make such calls on connections of their own, which take no pushes. */
function isFileMethod(method: string): boolean {
  return method.startsWith("upload.") || method === "auth.importAuthorization";
}

/** @throws {RpcError} when one of them failed */
async function afterOthers(answers: AnswerLog, requestIds: readonly bigint[]): Promise<void> {
  const done = await Promise.all(requestIds.map((id) => answers.get(id)?.succeeded));
  if (done.includes(false)) throw new RpcError(400, "MSG_WAIT_FAILED");
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
