import type { Media } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { mapDocument, mapPhoto } from "./file.ts";
import { userIdOf } from "./peer-id.ts";

/** The contract's media of TL media; `null` for a message that has none. */
export function mapMedia(media: Api.TypeMessageMedia | null | undefined): Media | null {
  if (media === null || media === undefined || media instanceof Api.MessageMediaEmpty) return null;
  return mapKnown(media) ?? { kind: "other", constructorName: tlName(media.className) };
}

/** A constructor's name as the TL schema spells it. */
export function tlName(className: string): string {
  return className.replace(/[A-Z]\w*$/, (last) => last.charAt(0).toLowerCase() + last.slice(1));
}

function mapKnown(media: Api.TypeMessageMedia): Media | null {
  if (media instanceof Api.MessageMediaPhoto) {
    return media.photo instanceof Api.Photo ? mapPhoto(media.photo) : null;
  }
  if (media instanceof Api.MessageMediaDocument) {
    return media.document instanceof Api.Document ? mapDocument(media.document) : null;
  }
  if (media instanceof Api.MessageMediaWebPage) return mapWebPage(media.webpage);
  if (media instanceof Api.MessageMediaContact) {
    const { userId, firstName, lastName } = media;
    return { kind: "contact", userId: userId.isZero() ? null : userIdOf(userId), firstName, lastName };
  }
  if (
    media instanceof Api.MessageMediaGeo ||
    media instanceof Api.MessageMediaGeoLive ||
    media instanceof Api.MessageMediaVenue
  ) {
    if (!(media.geo instanceof Api.GeoPoint)) return null;
    return { kind: "location", latitude: media.geo.lat, longitude: media.geo.long };
  }
  if (media instanceof Api.MessageMediaPoll) {
    const { question, answers } = media.poll;
    return { kind: "poll", question: question.text, options: answers.map((answer) => answer.text.text) };
  }
  return null;
}

function mapWebPage(page: Api.TypeWebPage): Media | null {
  if (page instanceof Api.WebPage) return { kind: "web-page", url: page.url, title: page.title ?? null };
  if (page instanceof Api.WebPageNotModified) return null;
  const { url = null } = page;
  return url === null ? null : { kind: "web-page", url, title: null };
}
