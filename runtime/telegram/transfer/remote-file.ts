import { Api } from "../gramjs.ts";
import { largestSizeOf } from "../mapping/file.ts";
import type { StoredMessage } from "../mapping/message.ts";

/** Where the bytes of a message's media are. */
export interface RemoteFile {
  readonly location: Api.TypeInputFileLocation;
  readonly dataCentreId: number;
  readonly sizeBytes: number;
}

/** The file that a message carries, also inside a link preview; `null` when it has none. */
export function remoteFileOf(message: StoredMessage): RemoteFile | null {
  const media = message instanceof Api.Message ? (message.media ?? null) : null;
  if (media instanceof Api.MessageMediaPhoto) return photoFile(media.photo);
  if (media instanceof Api.MessageMediaDocument) return documentFile(media.document);
  if (media instanceof Api.MessageMediaWebPage && media.webpage instanceof Api.WebPage) {
    return documentFile(media.webpage.document) ?? photoFile(media.webpage.photo);
  }
  return null;
}

function documentFile(document: Api.TypeDocument | null | undefined): RemoteFile | null {
  if (!(document instanceof Api.Document)) return null;
  const { id, accessHash, fileReference, dcId, size } = document;
  return {
    location: new Api.InputDocumentFileLocation({ id, accessHash, fileReference, thumbSize: "" }),
    dataCentreId: dcId,
    sizeBytes: size.toJSNumber(),
  };
}

function photoFile(photo: Api.TypePhoto | null | undefined): RemoteFile | null {
  if (!(photo instanceof Api.Photo)) return null;
  const { type, sizeBytes } = largestSizeOf(photo);
  if (type === "") return null;
  const { id, accessHash, fileReference, dcId } = photo;
  return {
    location: new Api.InputPhotoFileLocation({ id, accessHash, fileReference, thumbSize: type }),
    dataCentreId: dcId,
    sizeBytes,
  };
}
