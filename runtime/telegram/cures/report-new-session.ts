import { Api, type MTProtoSender } from "../gramjs.ts";
import { internalsOf } from "./sender-internals.ts";

/**
 * Cures a part of G1: GramJS takes the salt of `new_session_created` and keeps to itself that the server has begun a new
 * session, where updates of the old one may be lost (core.telegram.org/mtproto/service_messages).
 */
export function reportNewSession(sender: MTProtoSender, onNewSession: () => void): void {
  const handlers = internalsOf(sender)._handlers;
  const key = Api.NewSessionCreated.CONSTRUCTOR_ID.toString();
  const takeSalt = handlers[key];
  handlers[key] = async (message) => {
    await takeSalt?.(message);
    onNewSession();
  };
}
