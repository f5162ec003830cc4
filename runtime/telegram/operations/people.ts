import type { CallOptions, Contact, User } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import { userIdOf } from "../mapping/peer-id.ts";
import { mapStatus, mapUser } from "../mapping/user.ts";
import { type Operator, unreadable } from "./operator.ts";

export async function me(operator: Operator, options: CallOptions = {}): Promise<User> {
  const call = operator.begin(options);
  const users = await operator.rpc.invoke(
    new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }),
    call.rpc(),
  );
  await operator.peers.store.remember({ users, chats: [] });
  const [self] = users;
  if (self === undefined) throw unreadable({ className: "Vector" });
  return mapUser(self);
}

export async function contacts(operator: Operator, options: CallOptions = {}): Promise<readonly Contact[]> {
  const call = operator.begin(options);
  const answer = await operator.rpc.invoke(new Api.contacts.GetContacts({ hash: longOf(0) }), call.rpc());
  if (answer instanceof Api.contacts.ContactsNotModified) throw unreadable(answer);
  const statuses = new Map(
    answer.users.map((user) => [userIdOf(user.id), user instanceof Api.User ? mapStatus(user.status) : null]),
  );
  const listed = await operator.read({ users: answer.users, chats: [] }, (view) =>
    answer.contacts.map((contact) => {
      const user = view.userOf(userIdOf(contact.userId));
      return { user, status: statuses.get(user.id) ?? null };
    }),
  );
  const known = listed.filter(({ user }) => statuses.has(user.id));
  await operator.peers.store.keepContacts(
    known.map(({ user }) => ({ userId: user.id, isMutual: user.isMutualContact })),
  );
  return listed;
}
