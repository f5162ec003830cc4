import type { PeerId } from "./peer-id.ts";
import type { Post } from "./post.ts";

/** A post as one box numbers it. */
export interface BoxMessage {
  readonly id: number;
  readonly ownerId: PeerId;
  /** For a private chat the other person. */
  readonly chatId: PeerId;
  readonly post: Post;
}
