import type { FileMedia, Photo } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";

/** The photo at its largest size. */
export function mapPhoto(photo: Api.Photo): Photo {
  const { width, height, sizeBytes } = largestSizeOf(photo);
  return {
    kind: "photo",
    fileId: photo.id.toString(),
    mimeType: "image/jpeg",
    sizeBytes,
    fileName: null,
    width,
    height,
  };
}

/** A size of a photo that the server has a file for. */
export interface StoredSize {
  /** Telegram's letter for it, `thumb_size` of a file location. */
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

/** The largest size of a photo, by its bytes; all zero and `""` when the server has none. */
export function largestSizeOf(photo: Api.Photo): StoredSize {
  const none: StoredSize = { type: "", width: 0, height: 0, sizeBytes: 0 };
  return photo.sizes.map(storedSizeOf).reduce<StoredSize>((best, size) => {
    return size !== null && size.sizeBytes > best.sizeBytes ? size : best;
  }, none);
}

/** The kind of file that a document is, told by its attributes as Telegram's apps do. */
export function mapDocument(document: Api.Document): FileMedia {
  const { attributes } = document;
  const base = {
    fileId: document.id.toString(),
    mimeType: document.mimeType,
    sizeBytes: document.size.toJSNumber(),
    fileName: attributes.find((one) => one instanceof Api.DocumentAttributeFilename)?.fileName ?? null,
  };
  const sticker = attributes.find((one) => one instanceof Api.DocumentAttributeSticker);
  if (sticker !== undefined) return { ...base, kind: "sticker", emoji: sticker.alt || null };

  const audio = attributes.find((one) => one instanceof Api.DocumentAttributeAudio);
  if (audio !== undefined) {
    const durationMs = audio.duration * 1000;
    if (audio.voice === true) return { ...base, kind: "voice", durationMs };
    return {
      ...base,
      kind: "audio",
      durationMs,
      title: audio.title ?? null,
      performer: audio.performer ?? null,
    };
  }

  const video = attributes.find((one) => one instanceof Api.DocumentAttributeVideo);
  const isAnimated = attributes.some((one) => one instanceof Api.DocumentAttributeAnimated);
  if (video === undefined) {
    return isAnimated
      ? { ...base, kind: "animation", width: 0, height: 0, durationMs: 0 }
      : { ...base, kind: "document" };
  }
  const durationMs = Math.round(video.duration * 1000);
  if (video.roundMessage === true) return { ...base, kind: "video-note", durationMs };
  return { ...base, kind: isAnimated ? "animation" : "video", width: video.w, height: video.h, durationMs };
}

function storedSizeOf(size: Api.TypePhotoSize): StoredSize | null {
  if (size instanceof Api.PhotoSize) {
    return { type: size.type, width: size.w, height: size.h, sizeBytes: size.size };
  }
  if (size instanceof Api.PhotoSizeProgressive) {
    return { type: size.type, width: size.w, height: size.h, sizeBytes: Math.max(...size.sizes) };
  }
  return null;
}
