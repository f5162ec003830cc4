import type { Person } from "../world/person.ts";
import { personView } from "../world/person-view.ts";
import type { WorldState } from "../world/world-state.ts";
import { type Caller, forSignedIn } from "./caller.ts";
import { object, objects } from "./fields.ts";
import { personOfInput } from "./peers.ts";
import type { RpcHandlers } from "./rpc.ts";

export function userMethods(state: WorldState): RpcHandlers {
  return forSignedIn(state, {
    "users.getUsers": (request, caller) =>
      objects(request, "id").map((input) =>
        personView(state, caller.person.id, personOfInput(state, caller, input)),
      ),
    "users.getFullUser": (request, caller) => {
      const person = personOfInput(state, caller, object(request, "id"));
      return {
        _: "users.userFull",
        full_user: {
          _: "userFull",
          blocked: caller.person.blocked.has(person.id),
          id: BigInt(person.id),
          settings: { _: "peerSettings" },
          notify_settings: { _: "peerNotifySettings" },
          common_chats_count: commonChatCount(caller, person),
        },
        chats: [],
        users: [personView(state, caller.person.id, person)],
      };
    },
  });
}

function commonChatCount(caller: Caller, person: Person): number {
  if (caller.person === person) return 0;
  return [...person.chatIds].filter((chatId) => caller.person.chatIds.has(chatId)).length;
}
