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
import { Session } from "./session.ts";

export interface PacketHandlerOptions {
  readonly keys: AuthKeys;
  readonly codecs: Codecs;
  readonly ids: MessageIds;
  readonly now: () => number;
  readonly service: ServiceMessages;
  readonly dispatcher: RpcDispatcher;
}

const badSaltCode = 48;
const badContainerCode = 64;
/** A client opens few at once; more than that are left over from its earlier runs. */
const maxSessionsOfKey = 64;

/** Takes each packet of a client to where it belongs: the handshake, MTProto's own messages, or the methods. */
export class PacketHandler {
  readonly #options: PacketHandlerOptions;

  constructor(options: PacketHandlerOptions) {
    this.#options = options;
  }

  handle(connection: Connection, packet: Uint8Array): void {
    if (packet.length < 20) return connection.refuse(-404);
    const keyId = keyIdOf(packet);
    if (keyId === null) return this.#handlePlain(connection, packet);
    const key = this.#options.keys.get(keyId);
    if (key === undefined || key.dcId !== connection.dcId) return connection.refuse(-404);
    const envelope = openEnvelope(key, packet);
    if (envelope === null) return connection.refuse(-404);
    this.#handleEncrypted(connection, key, envelope);
  }

  #handlePlain(connection: Connection, packet: Uint8Array): void {
    const { codecs, ids } = this.#options;
    const data = openPlain(packet);
    if (data === null) return connection.refuse(-404);
    try {
      const answer = connection.handshake.answer(codecs.service.decode(data));
      connection.send(plainPacket(ids.next("answer"), codecs.service.encode(answer)));
    } catch (error) {
      if (!(error instanceof HandshakeError || error instanceof TlError)) throw error;
      connection.refuse(-404);
    }
  }

  #handleEncrypted(connection: Connection, key: AuthKey, { salt, sessionId, message }: Envelope): void {
    const { codecs, now } = this.#options;
    const session = this.#sessionOf(key, sessionId, message.id);
    session.attach(connection);
    connection.session = session;

    const idFault = messageIdFault(message.id, now());
    if (idFault !== null) return this.#reject(session, message, idFault);
    if (!key.salts.accepts(salt, now())) {
      const notice = {
        _: "bad_server_salt",
        bad_msg_id: message.id,
        bad_msg_seqno: message.sequence,
        error_code: badSaltCode,
        new_server_salt: key.salts.current(now()),
      };
      session.send(codecs.service.encode(notice), false, "own");
      return;
    }
    try {
      const body = unzipped(message.body);
      const contained = containedMessages(body);
      if (contained === null) return this.#dispatch(session, connection, { ...message, body });
      for (const inner of contained) {
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
    const known = key.sessions.get(id);
    if (known !== undefined) return known;
    const { codecs, ids, now } = this.#options;
    for (const old of key.sessions.values()) {
      if (key.sessions.size < maxSessionsOfKey) break;
      if (!old.isConnected) key.sessions.delete(old.numericId);
    }
    const session = new Session({ id, key, ids, now });
    key.sessions.set(id, session);
    const notice = {
      _: "new_session_created",
      first_msg_id: firstMessageId,
      unique_id: session.uniqueId,
      server_salt: key.salts.current(now()),
    };
    session.send(codecs.service.encode(notice), true, "own");
    return session;
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
