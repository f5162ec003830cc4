import type { TlObject } from "../tl/value.ts";
import type { PeerId } from "./peer-id.ts";
import type { StoredFile } from "./stored-file.ts";

export type Media =
  | { readonly kind: "photo"; readonly file: StoredFile; readonly width: number; readonly height: number }
  | {
      readonly kind: "document";
      readonly file: StoredFile;
      readonly mimeType: string;
      /** TL `DocumentAttribute` objects, the file name among them. */
      readonly attributes: readonly TlObject[];
    };

export interface Reaction {
  readonly emoji: string;
  readonly dateS: number;
}

/** What was said, once; each box that holds it has a copy with a number of its own. */
export interface Post {
  readonly fromId: PeerId;
  readonly dateS: number;
  text: string;
  entities: readonly TlObject[];
  media: Media | null;
  /** TL `MessageAction` of a service message. */
  readonly action: TlObject | null;
  readonly replyTo: Post | null;
  readonly forward: {
    readonly fromId: PeerId;
    readonly dateS: number;
    readonly channelPost: number | null;
  } | null;
  readonly isSilent: boolean;
  editDateS: number | null;
  isPinned: boolean;
  /** By person; at most one each. */
  readonly reactions: Map<PeerId, Reaction>;
  /** The number of each copy, by the owner of its box: a person, or a channel. */
  readonly copies: Map<PeerId, number>;
}

export type PostContent = Pick<Post, "fromId" | "dateS"> &
  Partial<Pick<Post, "text" | "entities" | "media" | "action" | "replyTo" | "forward" | "isSilent">>;

export function createPost({ fromId, dateS, ...content }: PostContent): Post {
  return {
    fromId,
    dateS,
    text: content.text ?? "",
    entities: content.entities ?? [],
    media: content.media ?? null,
    action: content.action ?? null,
    replyTo: content.replyTo ?? null,
    forward: content.forward ?? null,
    isSilent: content.isSilent ?? false,
    editDateS: null,
    isPinned: false,
    reactions: new Map(),
    copies: new Map(),
  };
}
