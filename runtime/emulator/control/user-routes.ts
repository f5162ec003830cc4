import { Elysia, t } from "elysia";
import type { World } from "../world/world.ts";
import { done } from "./done.ts";

const privacy = t.Union([t.Literal("everyone"), t.Literal("contacts"), t.Literal("nobody")]);

/** People, and what they do apart from chats. */
export function userRoutes(world: World) {
  return new Elysia({ prefix: "/users", tags: ["People"] })
    .get("", () => world.users(), { detail: { summary: "Everyone" } })
    .post("", ({ body }) => world.createUser(body), {
      body: t.Object({
        firstName: t.String({ minLength: 1, maxLength: 64 }),
        lastName: t.Optional(t.String({ maxLength: 64 })),
        username: t.Optional(t.String()),
        phone: t.Optional(t.String()),
        password: t.Optional(t.String({ minLength: 1, maxLength: 256 })),
        passwordHint: t.Optional(t.String({ maxLength: 255 })),
        isBot: t.Optional(t.Boolean()),
        invites: t.Optional(privacy),
        codesBy: t.Optional(t.UnionEnum(["phone", "email", "email-setup"])),
        homeDataCentreId: t.Optional(t.Integer()),
      }),
      detail: { summary: "Create a person" },
    })
    .post("/:id/contacts", ({ params, body }) => done(() => world.addContact(params.id, body.userId)), {
      body: t.Object({ userId: t.String() }),
      detail: { summary: "Add a contact" },
    })
    .put("/:id/home", ({ params, body }) => done(() => world.moveUser(params.id, body.dataCentreId)), {
      body: t.Object({ dataCentreId: t.Integer() }),
      detail: { summary: "Move their account to another data centre" },
    })
    .put("/:id/privacy", ({ params, body }) => done(() => world.setInvitePrivacy(params.id, body.invites)), {
      body: t.Object({ invites: privacy }),
      detail: { summary: "Say who may add them to chats" },
    })
    .post("/:id/scan", ({ params, body }) => done(() => world.scanLoginCode(params.id, body.url)), {
      body: t.Object({ url: t.String({ minLength: 1, maxLength: 1000 }) }),
      detail: { summary: "Scan the QR code of a login, as a phone of theirs" },
    })
    .put("/:id/presence", ({ params, body }) => done(() => world.setPresence(params.id, body.presence)), {
      body: t.Object({ presence: t.Union([t.Literal("online"), t.Literal("offline")]) }),
      detail: { summary: "Come online or go" },
    })
    .get("/:id/updates", ({ params }) => world.updatesPushed(params.id), {
      detail: { summary: "How many updates were made for them" },
    })
    .get("/:id/chats/:chatId/messages", ({ params }) => world.messages(params.id, params.chatId), {
      detail: { summary: "What their account holds of a chat" },
    });
}
