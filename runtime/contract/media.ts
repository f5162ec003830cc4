import type { UserId } from "./ids.ts";

interface FileBase<Kind extends string> {
  readonly kind: Kind;
  /** Names the file's content at Telegram; the same file forwarded keeps it. A decimal number. */
  readonly fileId: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** As its sender named it; untrusted: it may hold path separators. `null` when it has none. */
  readonly fileName: string | null;
}

interface Dimensions {
  readonly width: number;
  readonly height: number;
}

export interface Photo extends FileBase<"photo">, Dimensions {}
export interface Video extends FileBase<"video">, Dimensions {
  readonly durationMs: number;
}
export interface Animation extends FileBase<"animation">, Dimensions {
  readonly durationMs: number;
}
export interface VideoNote extends FileBase<"video-note"> {
  readonly durationMs: number;
}
export interface Voice extends FileBase<"voice"> {
  readonly durationMs: number;
}
export interface Audio extends FileBase<"audio"> {
  readonly durationMs: number;
  readonly title: string | null;
  readonly performer: string | null;
}
export interface Sticker extends FileBase<"sticker"> {
  readonly emoji: string | null;
}
export interface DocumentFile extends FileBase<"document"> {}

export interface SharedContact {
  readonly kind: "contact";
  readonly userId: UserId | null;
  readonly firstName: string;
  readonly lastName: string;
}
export interface GeoLocation {
  readonly kind: "location";
  /** Degrees, -90 to 90. */
  readonly latitude: number;
  /** Degrees, -180 to 180. */
  readonly longitude: number;
}
export interface Poll {
  readonly kind: "poll";
  readonly question: string;
  readonly options: readonly string[];
}
export interface WebPage {
  readonly kind: "web-page";
  readonly url: string;
  readonly title: string | null;
}
/** Media that has no form of its own here; `constructor` is Telegram's name of it, such as `messageMediaDice`. */
export interface OtherMedia {
  readonly kind: "other";
  readonly constructorName: string;
}

/** Media with bytes that can be downloaded. */
export type FileMedia = Photo | Video | Animation | VideoNote | Voice | Audio | Sticker | DocumentFile;

export type FileMediaKind = FileMedia["kind"];

/** What a message carries beside its text, tagged by `kind`. */
export type Media = FileMedia | SharedContact | GeoLocation | Poll | WebPage | OtherMedia;

export type MediaKind = Media["kind"];

/** The media type of a kind. */
export type MediaOf<Kind extends MediaKind> = Extract<Media, { readonly kind: Kind }>;

/** The kinds that can be downloaded. */
export const fileMediaKinds = [
  "photo",
  "video",
  "animation",
  "video-note",
  "voice",
  "audio",
  "sticker",
  "document",
] as const satisfies readonly FileMediaKind[];

/** Whether the media has bytes that `telegram.download` can fetch. */
export function isFileMedia(media: Media | null): media is FileMedia {
  return media !== null && (fileMediaKinds as readonly string[]).includes(media.kind);
}
