import type { TlObject } from "../tl/value.ts";
import { bareId, type PeerId } from "./peer-id.ts";
import type { Person } from "./person.ts";
import type { WorldState } from "./world-state.ts";

const onlineS = 300;

/** A person as a viewer sees them: the phone is shown to contacts and to themselves only. */
export function personView(state: WorldState, viewerId: PeerId, person: Person): TlObject {
  const isSelf = person.id === viewerId;
  const isContact = !isSelf && (state.people.get(viewerId)?.contacts.has(person.id) ?? false);
  const isMutual = isContact && person.contacts.has(viewerId);
  return {
    _: "user",
    self: isSelf,
    contact: isContact,
    mutual_contact: isMutual,
    bot: person.isBot,
    id: bareId(person.id),
    access_hash: state.accessHash(viewerId, person.id),
    first_name: person.firstName,
    ...(person.lastName !== null && { last_name: person.lastName }),
    ...(person.username !== null && { username: person.username }),
    ...(person.phone !== null && (isSelf || isContact) && { phone: person.phone }),
    ...(person.isBot ? { bot_info_version: 1 } : { status: statusView(person) }),
  };
}

export function statusView({ presence }: Person): TlObject {
  if (presence === null) return { _: "userStatusRecently" };
  return presence.state === "online"
    ? { _: "userStatusOnline", expires: presence.atS + onlineS }
    : { _: "userStatusOffline", was_online: presence.atS };
}
