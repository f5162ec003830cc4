import { randomBytes } from "node:crypto";
import { RpcError } from "../methods/rpc.ts";
import type { PeerId } from "./peer-id.ts";
import type { Media } from "./post.ts";
import type { StoredFile } from "./stored-file.ts";

const maxPartBytes = 512 * 1024;
const maxParts = 8000;
const maxPendingUploads = 1000;

/** Files in memory, and the parts of those that are still being sent (core.telegram.org/api/files). */
export class FileStore {
  readonly #files = new Map<bigint, StoredFile>();
  readonly #uploads = new Map<string, Map<number, Uint8Array>>();
  /** What each file was first sent as, so that it can be sent again by its id. */
  readonly #media = new WeakMap<StoredFile, Media>();
  #referenceEpoch = 1;

  add(bytes: Uint8Array, dataCentreId: number, dateS: number): StoredFile {
    const file = { id: randomLong(), accessHash: randomLong(), dataCentreId, bytes, dateS };
    this.#files.set(file.id, file);
    return file;
  }

  /** @throws {RpcError} when there is no such file, or the hash is not its own */
  get(id: bigint, accessHash: bigint): StoredFile {
    const file = this.#files.get(id);
    if (file === undefined || file.accessHash !== accessHash) throw new RpcError(400, "FILE_ID_INVALID");
    return file;
  }

  remember(media: Media): void {
    this.#media.set(media.file, media);
  }

  /** Null when it was never sent. */
  mediaOf(file: StoredFile): Media | null {
    return this.#media.get(file) ?? null;
  }

  /** The reference that messages show now. */
  reference(): Uint8Array {
    const reference = new Uint8Array(8);
    new DataView(reference.buffer).setUint32(4, this.#referenceEpoch);
    return reference;
  }

  /** Makes every reference that was handed out so far useless. */
  expireReferences(): void {
    this.#referenceEpoch += 1;
  }

  /** @throws {RpcError} `FILE_REFERENCE_EXPIRED` when the reference is an old one */
  checkReference(reference: Uint8Array): void {
    if (reference.length === 0) throw new RpcError(400, "FILE_REFERENCE_EMPTY");
    if (Buffer.compare(reference, this.reference()) !== 0) throw new RpcError(400, "FILE_REFERENCE_EXPIRED");
  }

  /** @throws {RpcError} when the part is out of bounds */
  savePart(ownerId: PeerId, uploadId: bigint, part: number, bytes: Uint8Array): void {
    if (part < 0 || part >= maxParts) throw new RpcError(400, "FILE_PART_INVALID");
    if (bytes.length === 0) throw new RpcError(400, "FILE_PART_EMPTY");
    if (bytes.length > maxPartBytes) throw new RpcError(400, "FILE_PART_TOO_BIG");
    const key = `${ownerId}/${uploadId}`;
    let parts = this.#uploads.get(key);
    if (parts === undefined) {
      if (this.#uploads.size >= maxPendingUploads) this.#forgetOldestUpload();
      parts = new Map();
      this.#uploads.set(key, parts);
    }
    // What was read from a packet shares its memory.
    parts.set(part, bytes.slice());
  }

  /** @throws {RpcError} `FILE_PART_X_MISSING`, `FILE_PARTS_INVALID`, or `FILE_PART_SIZE_INVALID` */
  finishUpload(
    ownerId: PeerId,
    uploadId: bigint,
    partCount: number,
    dataCentreId: number,
    dateS: number,
  ): StoredFile {
    if (partCount < 1 || partCount > maxParts) throw new RpcError(400, "FILE_PARTS_INVALID");
    const key = `${ownerId}/${uploadId}`;
    const saved = this.#uploads.get(key);
    const parts: Uint8Array[] = [];
    for (let part = 0; part < partCount; part++) {
      const bytes = saved?.get(part);
      if (bytes === undefined) throw new RpcError(400, `FILE_PART_${part}_MISSING`);
      if (part > 0 && part < partCount - 1 && bytes.length !== parts[0]?.length) {
        throw new RpcError(400, "FILE_PART_SIZE_CHANGED");
      }
      parts.push(bytes);
    }
    this.#uploads.delete(key);
    return this.add(new Uint8Array(Buffer.concat(parts)), dataCentreId, dateS);
  }

  #forgetOldestUpload(): void {
    for (const key of this.#uploads.keys()) {
      this.#uploads.delete(key);
      return;
    }
  }
}

/** A random TL `long`, negative as often as not, and never zero. */
export function randomLong(): bigint {
  return randomBytes(8).readBigInt64LE() | 1n;
}
