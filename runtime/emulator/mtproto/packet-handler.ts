import { TlError } from "../tl/tl-error.ts";
import type { AuthKey, AuthKeys } from "./auth-keys.ts";
import type { Codecs } from "./codecs.ts";
import type { Connection } from "./connection.ts";
import { type Envelope, keyIdOf, openEnvelope, openPlain, plainPacket } from "./envelope.ts";
import { HandshakeError } from "./handshake.ts";
import { type MessageIds, messageIdFault } from "./message-ids.ts";
import { constructorIdOf, containedMessages, type Message, unzipped } from "./packing.ts";
import type { RpcDispatcher } from "./rpc-dispatcher.ts";
import type { ServiceMessages } from "./service-messages.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

export interface PacketHandlerOptions {
  readonly keys: AuthKeys;
  readonly sessions: Sessions;
  readonly codecs: Codecs;
  readonly ids: MessageIds;
  readonly now: () => number;
  readonly service: ServiceMessages;
  readonly dispatcher: RpcDispatcher;
}

/** Key id, `msg_key`, and no data; or the head of a plain message. */
const minPacketBytes = 20;
/** Codes of `bad_msg_notification` (core.telegram.org/mtproto/service_messages_about_messages). */
const badSaltCode = 48;
const badContainerCode = 64;

/** Takes each packet of a client to where it belongs: the handshake, MTProto's own messages, or the methods. */
export class PacketHandler {
  readonly #options: PacketHandlerOptions;

  constructor(options: PacketHandlerOptions) {
    this.#options = options;
  }

  handle(connection: Connection, packet: Uint8Array): void {
    const keyId = packet.length < minPacketBytes ? "" : keyIdOf(packet);
    if (keyId === null) this.#handlePlain(connection, packet);
    else {
      const key = this.#options.keys.get(keyId);
      const envelope = key?.dcId === connection.dcId ? openEnvelope(key, packet) : null;
      if (key === undefined || envelope === null || key.hasExpired(this.#options.now()))
        connection.refuse(-404);
      else this.#handleEncrypted(connection, key, envelope);
    }
  }

  #handlePlain(connection: Connection, packet: Uint8Array): void {
    const { codecs, ids } = this.#options;
    try {
      const answer = connection.handshake.answer(codecs.service.decode(openPlain(packet)));
      connection.send(plainPacket(ids.next("answer"), codecs.service.encode(answer)));
    } catch (error) {
      if (!(error instanceof HandshakeError || error instanceof TlError)) throw error;
      connection.refuse(-404);
    }
  }

  #handleEncrypted(connection: Connection, key: AuthKey, { salt, sessionId, message }: Envelope): void {
    const nowMs = this.#options.now();
    const session = this.#sessionOf(key, sessionId, message.id);
    session.attach(connection);
    connection.session = session;
    const idFault = messageIdFault(message.id, nowMs);
    if (idFault !== null) this.#reject(session, message, idFault);
    else if (!key.salts.accepts(salt, nowMs)) this.#tellSalt(session, message);
    else this.#handleMessage(session, connection, message);
  }

  #handleMessage(session: Session, connection: Connection, message: Message): void {
    try {
      const body = unzipped(message.body);
      const messages = containedMessages(body) ?? [{ ...message, body }];
      for (const inner of messages) {
        this.#dispatch(session, connection, { ...inner, body: unzipped(inner.body) });
      }
    } catch (error) {
      if (!(error instanceof TlError)) throw error;
      this.#reject(session, message, badContainerCode);
    }
  }

  #dispatch(session: Session, connection: Connection, message: Message): void {
    const { codecs, service, dispatcher } = this.#options;
    if (codecs.service.knows(constructorIdOf(message.body))) {
      service.handle(session, connection, message.id, codecs.service.decode(message.body));
    } else dispatcher.run(session, connection, message);
  }

  /** The session of that id, made and announced when it is new. */
  #sessionOf(key: AuthKey, id: bigint, firstMessageId: bigint): Session {
    const { codecs, sessions, now } = this.#options;
    const known = sessions.get(key, id);
    if (known !== undefined) return known;
    const session = sessions.open(key, id);
    const notice = {
      _: "new_session_created",
      first_msg_id: firstMessageId,
      unique_id: session.uniqueId,
      server_salt: key.salts.current(now()),
    };
    session.send(codecs.service.encode(notice), true, "own");
    return session;
  }

  #tellSalt(session: Session, message: Message): void {
    const notice = {
      _: "bad_server_salt",
      bad_msg_id: message.id,
      bad_msg_seqno: message.sequence,
      error_code: badSaltCode,
      new_server_salt: session.key.salts.current(this.#options.now()),
    };
    session.send(this.#options.codecs.service.encode(notice), false, "own");
  }

  #reject(session: Session, message: Message, code: number): void {
    const notice = {
      _: "bad_msg_notification",
      bad_msg_id: message.id,
      bad_msg_seqno: message.sequence,
      error_code: code,
    };
    session.send(this.#options.codecs.service.encode(notice), false, "own");
  }
}
