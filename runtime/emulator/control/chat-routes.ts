import { Elysia, t } from "elysia";
import type { World } from "../world/world.ts";
import { done } from "./done.ts";

const someone = t.Object({ userId: t.String() });

/** Groups and channels, their members, and the ways in. */
export function chatRoutes(world: World) {
  return new Elysia({ prefix: "/chats", tags: ["Chats"] })
    .get("", () => world.chats(), { detail: { summary: "Every group and channel" } })
    .post(
      "",
      ({ body: { kind, ...details } }) => {
        if (kind === "group") return world.createGroup(details);
        return kind === "supergroup" ? world.createSupergroup(details) : world.createChannel(details);
      },
      {
        body: t.Object({
          kind: t.Union([t.Literal("group"), t.Literal("supergroup"), t.Literal("channel")]),
          title: t.String({ minLength: 1, maxLength: 255 }),
          creatorId: t.String(),
          username: t.Optional(t.String()),
          memberIds: t.Optional(t.Array(t.String(), { maxItems: 10_000 })),
        }),
        detail: { summary: "Create a group, supergroup, or channel" },
      },
    )
    .get("/:id/members", ({ params }) => world.members(params.id), { detail: { summary: "Members" } })
    .post("/:id/join", ({ params, body }) => done(() => world.join(body.userId, params.id)), {
      body: someone,
      detail: { summary: "Let someone join" },
    })
    .post("/:id/leave", ({ params, body }) => done(() => world.leave(body.userId, params.id)), {
      body: someone,
      detail: { summary: "Let someone leave" },
    })
    .post("/:id/kick", ({ params, body }) => done(() => world.kick(body.adminId, params.id, body.userId)), {
      body: t.Object({ userId: t.String(), adminId: t.String() }),
      detail: { summary: "Let an admin remove someone" },
    })
    .get("/:id/join-requests", ({ params }) => world.joinRequests(params.id), {
      detail: { summary: "Who asked to join" },
    })
    .post(
      "/:id/join-requests",
      ({ params, body }) => done(() => world.requestToJoin(body.userId, params.id, body.about)),
      {
        body: t.Object({ userId: t.String(), about: t.Optional(t.String({ maxLength: 1000 })) }),
        detail: { summary: "Let someone ask to join" },
      },
    )
    .post(
      "/:id/join-requests/:userId",
      ({ params, body }) =>
        done(() => world.answerJoinRequest(body.adminId, params.id, params.userId, body.approved)),
      {
        body: t.Object({ adminId: t.String(), approved: t.Boolean() }),
        detail: { summary: "Let an admin answer a join request" },
      },
    )
    .get("/:id/invite-links", ({ params }) => world.inviteLinks(params.id), {
      detail: { summary: "Invite links" },
    })
    .post("/:id/invite-links", ({ params, body }) => world.createInviteLink({ chatId: params.id, ...body }), {
      body: t.Object({
        adminId: t.String(),
        title: t.Optional(t.String({ maxLength: 32 })),
        needsApproval: t.Optional(t.Boolean()),
        usageLimit: t.Optional(t.Integer({ minimum: 1, maximum: 99_999 })),
        expiresAtMs: t.Optional(t.Number()),
      }),
      detail: { summary: "Make an invite link" },
    });
}
