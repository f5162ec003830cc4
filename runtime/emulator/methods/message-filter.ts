import type { Post } from "../world/post.ts";
import { RpcError } from "./rpc.ts";

/** Whether a post has what a TL `MessagesFilter` asks for. @throws {RpcError} for a filter that is not known here */
export function matchesFilter(post: Post, filter: string): boolean {
  const { media } = post;
  const has = (attribute: string, flagName?: string): boolean =>
    media?.kind === "document" &&
    media.attributes.some((one) => one._ === attribute && (flagName === undefined || one[flagName] === true));
  const isVoice = has("documentAttributeAudio", "voice");
  const isVideo = has("documentAttributeVideo");
  switch (filter) {
    case "inputMessagesFilterEmpty":
      return true;
    case "inputMessagesFilterPhotos":
      return media?.kind === "photo";
    case "inputMessagesFilterVideo":
      return isVideo;
    case "inputMessagesFilterPhotoVideo":
      return media?.kind === "photo" || isVideo;
    case "inputMessagesFilterDocument":
      return media?.kind === "document" && !isVideo && !has("documentAttributeAudio");
    case "inputMessagesFilterVoice":
      return isVoice;
    case "inputMessagesFilterMusic":
      return has("documentAttributeAudio") && !isVoice;
    case "inputMessagesFilterRoundVideo":
      return has("documentAttributeVideo", "round_message");
    case "inputMessagesFilterRoundVoice":
      return isVoice || has("documentAttributeVideo", "round_message");
    case "inputMessagesFilterGif":
      return has("documentAttributeAnimated");
    case "inputMessagesFilterUrl":
      return post.entities.some(({ _ }) => _ === "messageEntityUrl" || _ === "messageEntityTextUrl");
    case "inputMessagesFilterPinned":
      return post.isPinned;
    default:
      throw new RpcError(400, "INPUT_FILTER_INVALID");
  }
}
