import type { TlObject } from "../tl/value.ts";
import { imageSize } from "../world/image-size.ts";
import type { Media } from "../world/post.ts";
import type { StoredFile } from "../world/stored-file.ts";
import type { WorldState } from "../world/world-state.ts";
import type { Caller } from "./caller.ts";
import { bytes, int, long, object, objects, text } from "./fields.ts";
import { RpcError } from "./rpc.ts";

const maxPhotoBytes = 10 * 1024 * 1024;

/** What an `InputMedia` sends: an upload that is finished now, or a file that is there. @throws {RpcError} `MEDIA_INVALID` */
export function mediaOfInput(state: WorldState, caller: Caller, input: TlObject): Media {
  switch (input._) {
    case "inputMediaUploadedPhoto": {
      const file = uploadedFile(state, caller, object(input, "file"));
      if (file.bytes.length > maxPhotoBytes) throw new RpcError(400, "PHOTO_INVALID_DIMENSIONS");
      return { kind: "photo", file, ...imageSize(file.bytes) };
    }
    case "inputMediaUploadedDocument":
      return {
        kind: "document",
        file: uploadedFile(state, caller, object(input, "file")),
        mimeType: text(input, "mime_type"),
        attributes: objects(input, "attributes"),
      };
    case "inputMediaPhoto":
    case "inputMediaDocument":
      return sentMedia(state, object(input, "id"));
    default:
      throw new RpcError(400, "MEDIA_INVALID");
  }
}

function uploadedFile(state: WorldState, { person, call }: Caller, input: TlObject): StoredFile {
  if (input._ !== "inputFile" && input._ !== "inputFileBig") throw new RpcError(400, "MEDIA_INVALID");
  const file = state.files.finishUpload(
    person.id,
    long(input, "id"),
    int(input, "parts"),
    call.dcId,
    state.nowS(),
  );
  const md5 = input._ === "inputFile" ? text(input, "md5_checksum") : "";
  if (md5 !== "" && md5 !== new Bun.CryptoHasher("md5").update(file.bytes).digest("hex")) {
    throw new RpcError(400, "MD5_CHECKSUM_INVALID");
  }
  return file;
}

/** A file that some message has. */
function sentMedia(state: WorldState, input: TlObject): Media {
  state.files.checkReference(bytes(input, "file_reference"));
  const file = state.files.get(long(input, "id"), long(input, "access_hash"));
  const media = state.files.mediaOf(file);
  if (media === null) throw new RpcError(400, "MEDIA_EMPTY");
  return media;
}
