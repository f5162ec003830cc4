import type { TextContent } from "../../contract/index.ts";
import { type Api, HTMLParser } from "../gramjs.ts";
import { mapEntities, tlEntities } from "../mapping/entities.ts";
import type { PeerResolver } from "../peers/peer-resolver.ts";
import type { CallTime } from "./call-time.ts";
import { invalidCall, requireLength } from "./invalid-call.ts";
import { type FormattedText, parseMarkdown } from "./markdown.ts";

/** A text as `messages.sendMessage` and its like take it. */
export interface SendableText {
  readonly message: string;
  readonly entities: Api.TypeMessageEntity[];
  readonly noWebpage: boolean;
}

/**
 * Reads a text's marks and checks its length.
 *
 * @throws {TelegraphistError} `CALL_INVALID` when it is empty, too long, or marked in two ways
 */
export async function sendableText(
  content: string | TextContent,
  peers: PeerResolver,
  call: CallTime,
): Promise<SendableText> {
  const whole: TextContent = typeof content === "string" ? { text: content } : content;
  // Marks take room too, but no honest text is mostly marks.
  const { text, entities } = formattedText({ ...whole, text: requireLength("text", whole.text, 1, 16_384) });
  requireLength("text", text, 1, 4096);
  const mentioned = new Map<string, Api.TypeInputUser>();
  for (const { userId } of entities) {
    if (userId !== undefined) mentioned.set(userId, await peers.inputUser(userId, call));
  }
  return {
    message: text,
    entities: tlEntities(entities, ({ userId = "" }) => mentioned.get(userId)),
    noWebpage: whole.linkPreview === false,
  };
}

function formattedText({ text, format = "plain", entities }: TextContent): FormattedText {
  if (entities !== undefined && format !== "plain") {
    throw invalidCall(
      `Cannot make the call as "entities" go with "format" plain only: received format "${format}"`,
    );
  }
  switch (format) {
    case "plain":
      return { text, entities: entities ?? [] };
    case "markdown":
      return parseMarkdown(text);
    case "html": {
      const [plain, marks] = HTMLParser.parse(text);
      return { text: plain, entities: mapEntities(marks) };
    }
    default:
      return format satisfies never;
  }
}
