import type { ReactionCount } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";

/** The contract's name of a TL reaction, or `null` for none. */
export function reactionName(reaction: Api.TypeReaction): string | null {
  if (reaction instanceof Api.ReactionEmoji) return reaction.emoticon;
  if (reaction instanceof Api.ReactionCustomEmoji) return `custom:${reaction.documentId}`;
  if (reaction instanceof Api.ReactionPaid) return "paid";
  return null;
}

/** Counts by reaction, in Telegram's order. */
export function mapReactions(
  reactions: Api.TypeMessageReactions | null | undefined,
): readonly ReactionCount[] {
  return (reactions?.results ?? []).flatMap(({ reaction, count, chosenOrder }) => {
    const name = reactionName(reaction);
    // What the decoder reads as absent is null, which the declared type leaves out.
    return name === null ? [] : { reaction: name, count, isChosen: (chosenOrder ?? null) !== null };
  });
}
