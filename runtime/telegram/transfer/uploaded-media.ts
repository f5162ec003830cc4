import { basename } from "node:path";
import type { FileContent } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";

/** The media of a message that sends a file, shown as its kind says. */
export function uploadedMedia(content: FileContent, file: Api.TypeInputFile): Api.TypeInputMedia {
  const { kind } = content;
  if (kind === "photo") return new Api.InputMediaUploadedPhoto({ file });
  return new Api.InputMediaUploadedDocument({
    file,
    mimeType: content.mimeType ?? mimeTypeOf(content),
    forceFile: kind === "document",
    attributes: attributesOf(content),
  });
}

function fileNameOf({ fileName, path }: FileContent): string {
  return fileName ?? basename(path);
}

/** Guessed from the name's ending. Telegram shows a voice note only for Ogg. */
function mimeTypeOf(content: FileContent): string {
  if (content.kind === "voice") return "audio/ogg";
  const [type = ""] = Bun.file(fileNameOf(content)).type.split(";");
  return type === "" ? "application/octet-stream" : type;
}

function attributesOf(content: FileContent): Api.TypeDocumentAttribute[] {
  const { kind, durationMs = 0, width = 0, height = 0 } = content;
  const named = new Api.DocumentAttributeFilename({ fileName: fileNameOf(content) });
  const duration = Math.round(durationMs / 1000);
  switch (kind) {
    case "voice":
      return [new Api.DocumentAttributeAudio({ voice: true, duration })];
    case "audio":
      return [named, new Api.DocumentAttributeAudio({ duration })];
    case "video":
      return [
        named,
        new Api.DocumentAttributeVideo({
          duration: durationMs / 1000,
          w: width,
          h: height,
          supportsStreaming: true,
        }),
      ];
    case "document":
    case "photo":
      return [named];
    default:
      return kind satisfies never;
  }
}
