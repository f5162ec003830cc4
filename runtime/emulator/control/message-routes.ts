import { Elysia, t } from "elysia";
import type { World } from "../world/world.ts";
import { done } from "./done.ts";

const address = { userId: t.String(), chatId: t.String(), messageId: t.String() };

const media = t.Object({
  kind: t.Union([
    t.Literal("photo"),
    t.Literal("voice"),
    t.Literal("document"),
    t.Literal("video"),
    t.Literal("audio"),
  ]),
  base64: t.String({ pattern: "^[A-Za-z0-9+/]*={0,2}$" }),
  fileName: t.Optional(t.String({ maxLength: 255 })),
  mimeType: t.Optional(t.String({ maxLength: 255 })),
  width: t.Optional(t.Integer({ minimum: 1 })),
  height: t.Optional(t.Integer({ minimum: 1 })),
  durationMs: t.Optional(t.Number({ minimum: 0 })),
  dataCentreId: t.Optional(t.Integer()),
});

/** Anyone writes, changes, and reads messages. */
export function messageRoutes(world: World) {
  return new Elysia({ prefix: "/messages", tags: ["Messages"] })
    .post(
      "",
      ({ body: { media: file, ...message } }) => {
        if (file === undefined) return world.sendMessage(message);
        const { base64, ...details } = file;
        return world.sendMessage({ ...message, media: { ...details, bytes: Buffer.from(base64, "base64") } });
      },
      {
        body: t.Object({
          fromId: t.String(),
          chatId: t.String(),
          text: t.Optional(t.String()),
          replyToId: t.Optional(t.String()),
          media: t.Optional(media),
        }),
        detail: { summary: "Send as anyone; files as base64" },
      },
    )
    .patch("", ({ body }) => done(() => world.editMessage(body)), {
      body: t.Object({ ...address, text: t.String() }),
      detail: { summary: "Edit a message as its author" },
    })
    .post("/delete", ({ body }) => done(() => world.deleteMessages(body)), {
      body: t.Object({
        userId: t.String(),
        chatId: t.String(),
        messageIds: t.Array(t.String(), { minItems: 1, maxItems: 1000 }),
        forEveryone: t.Optional(t.Boolean()),
      }),
      detail: { summary: "Delete messages" },
    })
    .post("/reaction", ({ body }) => done(() => world.react(body)), {
      body: t.Object({ ...address, emoji: t.Union([t.String({ minLength: 1, maxLength: 16 }), t.Null()]) }),
      detail: { summary: "Set or take back a reaction" },
    })
    .post("/typing", ({ body }) => done(() => world.typing(body.userId, body.chatId)), {
      body: t.Object({ userId: t.String(), chatId: t.String() }),
      detail: { summary: "Show someone as typing" },
    })
    .post("/read", ({ body }) => done(() => world.read(body.userId, body.chatId, body.upToMessageId)), {
      body: t.Object({ userId: t.String(), chatId: t.String(), upToMessageId: t.Optional(t.String()) }),
      detail: { summary: "Mark a chat as read" },
    })
    .get(
      "/file",
      ({ query, status }) => {
        const bytes = world.mediaBytes(query);
        return bytes === null ? status(404, "No file") : { base64: Buffer.from(bytes).toString("base64") };
      },
      { query: t.Object(address), detail: { summary: "The file of a message, as base64" } },
    );
}
