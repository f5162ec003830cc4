import type { TlObject } from "../tl/value.ts";
import { bareId, type PeerId, peerOf } from "../world/peer-id.ts";
import type { Person } from "../world/person.ts";
import { personView, statusView } from "../world/person-view.ts";
import { peerViews, UpdateBatch } from "../world/update-batch.ts";
import { phoneDigits, type WorldState } from "../world/world-state.ts";
import { forSignedIn } from "./caller.ts";
import { int, long, object, objects, text } from "./fields.ts";
import { personOfInput } from "./peers.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

export function contactMethods(state: WorldState): RpcHandlers {
  const contactsOf = ({ contacts }: Person): Person[] => [...contacts].map((id) => state.person(id));
  const contactView = (owner: Person, contact: Person): TlObject => ({
    _: "contact",
    user_id: bareId(contact.id),
    mutual: contact.contacts.has(owner.id),
  });
  const resolvedView = (viewerId: PeerId, id: PeerId): TlObject => ({
    _: "contacts.resolvedPeer",
    peer: peerOf(id),
    ...peerViews(state, viewerId, [id]),
  });

  return forSignedIn(state, {
    "contacts.resolveUsername": (request, { person }) => {
      const username = text(request, "username").replace(/^@/, "");
      if (!/^[a-z]\w{3,31}$/i.test(username)) throw new RpcError(400, "USERNAME_INVALID");
      const peer = state.usernames.get(username.toLowerCase());
      if (peer === undefined) throw new RpcError(400, "USERNAME_NOT_OCCUPIED");
      return resolvedView(person.id, peer.id);
    },
    "contacts.resolvePhone": (request, { person }) => {
      const found = state.phones.get(phoneDigits(text(request, "phone")));
      if (found === undefined) throw new RpcError(400, "PHONE_NOT_OCCUPIED");
      return resolvedView(person.id, found.id);
    },
    "contacts.getContacts": (_request, { person }) => ({
      _: "contacts.contacts",
      contacts: contactsOf(person).map((contact) => contactView(person, contact)),
      saved_count: 0,
      users: contactsOf(person).map((contact) => personView(state, person.id, contact)),
    }),
    "contacts.getStatuses": (_request, { person }) =>
      contactsOf(person).map((contact) => ({
        _: "contactStatus",
        user_id: bareId(contact.id),
        status: statusView(contact),
      })),
    "contacts.search": (request, { person }) => {
      const query = text(request, "q").replace(/^@/, "").toLowerCase();
      if (query === "") throw new RpcError(400, "SEARCH_QUERY_EMPTY");
      const limit = int(request, "limit");
      const own = contactsOf(person)
        .filter((contact) => `${contact.firstName} ${contact.lastName ?? ""}`.toLowerCase().includes(query))
        .map(({ id }) => id)
        .slice(0, limit);
      const others = [...state.usernames]
        .filter(([username, { id }]) => username.startsWith(query) && !own.includes(id))
        .map(([, { id }]) => id)
        .slice(0, limit);
      return {
        _: "contacts.found",
        my_results: own.map(peerOf),
        results: others.map(peerOf),
        ...peerViews(state, person.id, [...own, ...others]),
      };
    },
    "contacts.importContacts": (request, { person }) => {
      const imported = objects(request, "contacts").flatMap((contact) => {
        const found = state.phones.get(phoneDigits(text(contact, "phone")));
        return found === undefined ? [] : [{ found, clientId: long(contact, "client_id") }];
      });
      for (const { found } of imported) person.contacts.add(found.id);
      return {
        _: "contacts.importedContacts",
        imported: imported.map(({ found, clientId }) => ({
          _: "importedContact",
          user_id: bareId(found.id),
          client_id: clientId,
        })),
        popular_invites: [],
        retry_contacts: [],
        users: imported.map(({ found }) => personView(state, person.id, found)),
      };
    },
    "contacts.addContact": (request, caller) => {
      const added = personOfInput(state, caller, object(request, "id"));
      if (added === caller.person) throw new RpcError(400, "CONTACT_ID_INVALID");
      caller.person.contacts.add(added.id);
      return new UpdateBatch(state).answer(caller.person.id);
    },
    "contacts.deleteContacts": (request, caller) => {
      for (const input of objects(request, "id")) {
        caller.person.contacts.delete(personOfInput(state, caller, input).id);
      }
      return new UpdateBatch(state).answer(caller.person.id);
    },
    "contacts.block": (request, caller) => {
      caller.person.blocked.add(personOfInput(state, caller, object(request, "id"), "PEER_ID_INVALID").id);
      return true;
    },
    "contacts.unblock": (request, caller) => {
      caller.person.blocked.delete(personOfInput(state, caller, object(request, "id"), "PEER_ID_INVALID").id);
      return true;
    },
    "contacts.getBlocked": (_request, { person }) => ({
      _: "contacts.blocked",
      blocked: [...person.blocked].map((id) => ({
        _: "peerBlocked",
        peer_id: peerOf(id),
        date: state.nowS(),
      })),
      ...peerViews(state, person.id, person.blocked),
    }),
  });
}
