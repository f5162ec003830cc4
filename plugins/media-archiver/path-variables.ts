import { localTimeOf, parseTemplate } from "telegraphist";
import type { WantedFile } from "./wanted-file.ts";

type Read = (file: WantedFile, local: { readonly date: string; readonly time: string }) => string;

const variables: Readonly<Record<string, Read>> = {
  account: ({ account }) => account,
  "chat.id": ({ chatId }) => chatId,
  "chat.title": ({ chatTitle }) => chatTitle,
  "chat.username": ({ chatUsername }) => chatUsername ?? "",
  "sender.id": ({ senderId }) => senderId,
  "sender.displayName": ({ senderName }) => senderName,
  messageId: ({ messageId }) => messageId,
  kind: ({ kind }) => kind,
  fileName: (file) => file.fileName ?? `${file.kind}${extensionOf(file)}`,
  extension: extensionOf,
  date: (_file, { date }) => date,
  year: (_file, { date }) => date.slice(0, 4),
  month: (_file, { date }) => date.slice(5, 7),
  day: (_file, { date }) => date.slice(8, 10),
  time: (_file, { time }) => time.replaceAll(":", "-"),
};

/** Names of the variables that a path may have. */
export const pathVariables: readonly string[] = Object.keys(variables);

/** Fills each part of a path's template; the parts are as they come, not yet safe as names. */
export function renderParts(template: string, file: WantedFile, timeZone?: string): readonly string[] {
  const local = localTimeOf(file.sentAtMs, timeZone);
  // A separator in a value must not make a folder, so the template is parted before it is filled.
  return template
    .split("/")
    .map((part) => parseTemplate(part).render((name) => variables[name]?.(file, local) ?? ""));
}

const extensions: Readonly<Record<string, string>> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "image/webp": ".webp",
  "image/gif": ".gif",
  "video/mp4": ".mp4",
  "video/webm": ".webm",
  "video/quicktime": ".mov",
  "audio/ogg": ".ogg",
  "audio/mpeg": ".mp3",
  "audio/mp4": ".m4a",
  "application/pdf": ".pdf",
  "application/zip": ".zip",
  "application/x-tgsticker": ".tgs",
  "text/plain": ".txt",
};

/** The file's own extension with its dot, else its type's, else none. */
function extensionOf({ fileName, mimeType }: WantedFile): string {
  const own = /[^./\\](\.[\p{L}\p{N}]{1,16})$/u.exec(fileName ?? "")?.[1];
  return own ?? extensions[mimeType.toLowerCase()] ?? "";
}
