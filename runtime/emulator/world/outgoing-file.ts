import type { TlObject } from "../tl/value.ts";
import { imageSize } from "./image-size.ts";
import type { MediaKind } from "./plain-views.ts";
import type { Media } from "./post.ts";
import type { WorldState } from "./world-state.ts";

/** A file that the control lets someone send. */
export interface OutgoingFile {
  readonly kind: MediaKind;
  readonly bytes: Uint8Array;
  readonly fileName?: string | undefined;
  /** @default by kind */
  readonly mimeType?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly durationMs?: number | undefined;
  /** Where it is kept. @default the sender's home */
  readonly dataCentreId?: number | undefined;
}

const mimeTypes: Readonly<Record<Exclude<MediaKind, "photo">, string>> = {
  voice: "audio/ogg",
  document: "application/octet-stream",
  video: "video/mp4",
  audio: "audio/mpeg",
};

export function mediaOfFile(state: WorldState, outgoing: OutgoingFile, homeDataCentreId: number): Media {
  const dataCentreId = outgoing.dataCentreId ?? homeDataCentreId;
  const file = state.files.add(outgoing.bytes.slice(), dataCentreId, state.nowS());
  const measured = imageSize(file.bytes);
  const width = outgoing.width ?? measured.width;
  const height = outgoing.height ?? measured.height;
  if (outgoing.kind === "photo") return { kind: "photo", file, width, height };
  const durationS = (outgoing.durationMs ?? 0) / 1000;
  const attributes: TlObject[] = [];
  if (outgoing.kind === "video") {
    attributes.push({ _: "documentAttributeVideo", duration: durationS, w: width, h: height });
  }
  if (outgoing.kind === "voice" || outgoing.kind === "audio") {
    const duration = Math.round(durationS);
    attributes.push({ _: "documentAttributeAudio", voice: outgoing.kind === "voice", duration });
  }
  if (outgoing.fileName !== undefined) {
    attributes.push({ _: "documentAttributeFilename", file_name: outgoing.fileName });
  }
  return { kind: "document", file, mimeType: outgoing.mimeType ?? mimeTypes[outgoing.kind], attributes };
}
