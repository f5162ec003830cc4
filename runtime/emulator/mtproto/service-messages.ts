import type { TlCodec } from "../tl/codec.ts";
import type { TlObject } from "../tl/value.ts";
import type { Connection } from "./connection.ts";
import { packResult } from "./packing.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

const maxFutureSalts = 64;
/** States of `msgs_state_info` (core.telegram.org/mtproto/service_messages_about_messages). */
const stateUnknown = 1;
const stateReceived = 4;

export interface ServiceMessagesOptions {
  readonly codec: TlCodec;
  readonly now: () => number;
  readonly sessions: Sessions;
  /** Forgets a key. */
  readonly destroyKey: (authKeyId: string) => void;
}

/** Answers the messages of MTProto itself: pings, acknowledgements, salts, questions about messages and sessions. */
export class ServiceMessages {
  readonly #options: ServiceMessagesOptions;

  constructor(options: ServiceMessagesOptions) {
    this.#options = options;
  }

  handle(session: Session, connection: Connection, messageId: bigint, request: TlObject): void {
    const { codec, sessions, destroyKey } = this.#options;
    const answer = (object: TlObject) => session.send(codec.encode(object), false, "answer");
    const answerCall = (object: TlObject) =>
      session.send(packResult(messageId, codec.encode(object)), true, "answer");
    switch (request._) {
      case "ping_delay_disconnect":
        connection.closeAfter(Number(request.disconnect_delay) * 1000);
        answer(pong(messageId, request));
        break;
      case "ping":
        answer(pong(messageId, request));
        break;
      case "msgs_ack":
        for (const id of longsIn(request, "msg_ids")) session.answers.acknowledged(id);
        break;
      case "msgs_state_req":
        answer(statesOf(session, messageId, longsIn(request, "msg_ids")));
        break;
      case "msg_resend_req":
        for (const id of longsIn(request, "msg_ids")) {
          const body = session.answers.bodyOf(id);
          if (body !== null) session.send(body, true, "answer");
        }
        break;
      case "get_future_salts":
        answer(this.#futureSalts(session, messageId, Number(request.num)));
        break;
      case "destroy_session":
        answer(destroySession(sessions, session, longIn(request, "session_id")));
        break;
      case "rpc_drop_answer":
        answerCall(dropAnswer(session, longIn(request, "req_msg_id")));
        break;
      case "destroy_auth_key":
        answerCall({ _: "destroy_auth_key_ok" });
        session.flush();
        destroyKey(session.key.id);
        break;
      default:
        // `http_wait`, `msgs_state_info`, and `msgs_all_info` ask for nothing over TCP.
        break;
    }
  }

  #futureSalts(session: Session, messageId: bigint, wanted: number): TlObject {
    const nowMs = this.#options.now();
    const count = Math.min(Math.max(wanted, 1), maxFutureSalts);
    return {
      _: "future_salts",
      req_msg_id: messageId,
      now: Math.floor(nowMs / 1000),
      salts: session.key.salts.upcoming(count, nowMs).map((salt) => ({
        _: "future_salt",
        valid_since: Math.floor(salt.validSinceMs / 1000),
        valid_until: Math.floor(salt.validUntilMs / 1000),
        salt: salt.value,
      })),
    };
  }
}

function pong(messageId: bigint, request: TlObject): TlObject {
  return { _: "pong", msg_id: messageId, ping_id: longIn(request, "ping_id") };
}

function statesOf(session: Session, messageId: bigint, ids: readonly bigint[]): TlObject {
  const states = ids.map((id) => (session.answers.get(id) === undefined ? stateUnknown : stateReceived));
  return { _: "msgs_state_info", req_msg_id: messageId, info: Uint8Array.from(states) };
}

/** A session cannot end itself. */
function destroySession(sessions: Sessions, session: Session, id: bigint): TlObject {
  const isDestroyed = id !== session.numericId && sessions.delete(session.key, id);
  return { _: isDestroyed ? "destroy_session_ok" : "destroy_session_none", session_id: id };
}

function dropAnswer(session: Session, requestId: bigint): TlObject {
  return { _: session.answers.drop(requestId) ? "rpc_answer_dropped_running" : "rpc_answer_unknown" };
}

function longIn(object: TlObject, field: string): bigint {
  const value = object[field];
  return typeof value === "bigint" ? value : 0n;
}

function longsIn(object: TlObject, field: string): readonly bigint[] {
  const value = object[field];
  return Array.isArray(value) ? value.filter((item) => typeof item === "bigint") : [];
}
