import { unzipSync } from "node:zlib";
import { TlError } from "./tl-error.ts";

/** Bounds what a few bytes may grow to. */
const maxUnpackedBytes = 16 * 1024 * 1024;

/**
 * Unpacks gzip, and zlib, which mtcute writes in its place and the real server takes as well.
 *
 * @throws {TlError} when the bytes are neither or would grow past 16 MiB
 */
export function gunzip(packed: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(unzipSync(packed, { maxOutputLength: maxUnpackedBytes }));
  } catch (error) {
    throw new TlError(`Cannot unpack ${packed.length} bytes of gzip: ${String(error)}`);
  }
}
