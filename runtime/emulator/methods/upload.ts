import type { TlObject } from "../tl/value.ts";
import type { StoredFile } from "../world/stored-file.ts";
import type { WorldState } from "../world/world-state.ts";
import { forSignedIn } from "./caller.ts";
import { bytes, flag, int, long, object } from "./fields.ts";
import { RpcError, type RpcHandlers } from "./rpc.ts";

const windowBytes = 1024 * 1024;

/** Parts of files, up and down (core.telegram.org/api/files). */
export function uploadMethods(state: WorldState): RpcHandlers {
  return forSignedIn(state, {
    "upload.saveFilePart": (request, { person }) => {
      state.files.savePart(
        person.id,
        long(request, "file_id"),
        int(request, "file_part"),
        bytes(request, "bytes"),
      );
      return true;
    },
    "upload.saveBigFilePart": (request, { person }) => {
      const part = int(request, "file_part");
      const totalParts = int(request, "file_total_parts");
      if (totalParts !== -1 && part >= totalParts) throw new RpcError(400, "FILE_PART_INVALID");
      state.files.savePart(person.id, long(request, "file_id"), part, bytes(request, "bytes"));
      return true;
    },
    "upload.getFile": (request, { call }) => {
      const offset = Number(long(request, "offset"));
      const limit = int(request, "limit");
      checkAlignment(offset, limit, flag(request, "precise"));
      const file = locatedFile(state, object(request, "location"));
      if (file.dataCentreId !== call.dcId) throw new RpcError(303, `FILE_MIGRATE_${file.dataCentreId}`);
      return {
        _: "upload.file",
        type: { _: "storage.fileUnknown" },
        mtime: file.dateS,
        bytes: file.bytes.subarray(offset, offset + limit),
      };
    },
  });
}

/** @throws {RpcError} `OFFSET_INVALID` or `LIMIT_INVALID` unless the part is aligned and inside one window */
function checkAlignment(offset: number, limit: number, isPrecise: boolean): void {
  const unitBytes = isPrecise ? 1024 : 4096;
  if (offset < 0 || offset % unitBytes !== 0) throw new RpcError(400, "OFFSET_INVALID");
  const isWhole = limit > 0 && limit <= windowBytes && limit % unitBytes === 0;
  // Without `precise`, the window must be cut into equal parts.
  if (!isWhole || (!isPrecise && windowBytes % limit !== 0)) throw new RpcError(400, "LIMIT_INVALID");
  if (Math.floor(offset / windowBytes) !== Math.floor((offset + limit - 1) / windowBytes)) {
    throw new RpcError(400, "LIMIT_INVALID");
  }
}

function locatedFile(state: WorldState, location: TlObject): StoredFile {
  if (location._ !== "inputDocumentFileLocation" && location._ !== "inputPhotoFileLocation") {
    throw new RpcError(400, "LOCATION_INVALID");
  }
  state.files.checkReference(bytes(location, "file_reference"));
  return state.files.get(long(location, "id"), long(location, "access_hash"));
}
