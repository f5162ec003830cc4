import type { MessageEntity, MessageEntityKind } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { userIdOf } from "./peer-id.ts";

/** Constructors that carry nothing but a place in the text. */
const plainEntities = {
  mention: Api.MessageEntityMention,
  hashtag: Api.MessageEntityHashtag,
  cashtag: Api.MessageEntityCashtag,
  "bot-command": Api.MessageEntityBotCommand,
  url: Api.MessageEntityUrl,
  email: Api.MessageEntityEmail,
  phone: Api.MessageEntityPhone,
  bold: Api.MessageEntityBold,
  italic: Api.MessageEntityItalic,
  underline: Api.MessageEntityUnderline,
  strike: Api.MessageEntityStrike,
  spoiler: Api.MessageEntitySpoiler,
  code: Api.MessageEntityCode,
  blockquote: Api.MessageEntityBlockquote,
} as const satisfies Partial<Record<MessageEntityKind, unknown>>;

const kindOfClass = new Map<string, MessageEntityKind>([
  // `Object.entries` widens the keys of the table right above, which are kinds.
  ...Object.entries(plainEntities).map(
    ([kind, { className }]) => [className, kind as MessageEntityKind] as const,
  ),
  ["MessageEntityMentionName", "mention-name"],
  ["MessageEntityTextUrl", "text-url"],
  ["MessageEntityPre", "pre"],
  ["MessageEntityCustomEmoji", "custom-emoji"],
]);

/** The contract's entities of TL entities. */
export function mapEntities(
  entities: readonly Api.TypeMessageEntity[] | null | undefined,
): readonly MessageEntity[] {
  return (entities ?? []).map((entity) => ({
    kind: kindOfClass.get(entity.className) ?? "other",
    offset: entity.offset,
    length: entity.length,
    ...(entity instanceof Api.MessageEntityTextUrl && { url: entity.url }),
    ...(entity instanceof Api.MessageEntityMentionName && { userId: userIdOf(entity.userId) }),
    ...(entity instanceof Api.MessageEntityPre && entity.language !== "" && { language: entity.language }),
  }));
}

/**
 * TL entities to send. Kinds that Telegram finds by itself (`url`, `mention`…) are sent all the same; `custom-emoji`
 * and `other` lack what Telegram needs and are left out.
 *
 * @param inputUserOf the input user of a `mention-name`; without one the mention is left out
 */
export function tlEntities(
  entities: readonly MessageEntity[],
  inputUserOf: (entity: MessageEntity) => Api.TypeInputUser | undefined,
): Api.TypeMessageEntity[] {
  return entities.flatMap((entity) => {
    const { kind, offset, length } = entity;
    switch (kind) {
      case "text-url":
        return new Api.MessageEntityTextUrl({ offset, length, url: entity.url ?? "" });
      case "pre":
        return new Api.MessageEntityPre({ offset, length, language: entity.language ?? "" });
      case "mention-name": {
        const userId = inputUserOf(entity);
        return userId === undefined ? [] : new Api.InputMessageEntityMentionName({ offset, length, userId });
      }
      case "custom-emoji":
      case "other":
        return [];
      default:
        return new plainEntities[kind]({ offset, length });
    }
  });
}
