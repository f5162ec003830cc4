import { hasCode, TelegraphistError } from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { longOf } from "../mapping/long.ts";
import type { CallTime } from "../operations/call-time.ts";
import type { RpcPort } from "../rpc-port.ts";
import type { RemoteFile } from "./remote-file.ts";

/** A part may have its reference renewed, or be sent to another data centre, this often. */
const detoursPerPart = 3;

/**
 * The parts of one remote file. References that expire while it is read are renewed, once for all parts that wait, and
 * the file is followed to the data centre where it is.
 */
export class FileSource {
  readonly #rpc: RpcPort;
  readonly #call: CallTime;
  readonly #locate: () => Promise<RemoteFile>;
  #file: RemoteFile;
  #renewal: Promise<void> | null = null;

  /** @param locate fetches the message anew, for a reference that has not expired */
  constructor(rpc: RpcPort, call: CallTime, file: RemoteFile, locate: () => Promise<RemoteFile>) {
    this.#rpc = rpc;
    this.#call = call;
    this.#file = file;
    this.#locate = locate;
  }

  /**
   * @param offset a multiple of `limit`
   * @param limit a multiple of 4 KiB that divides 1 MiB: core.telegram.org/api/files
   */
  async part(offset: number, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    for (let detour = 0; ; detour += 1) {
      const file = this.#file;
      try {
        return bytesOf(
          await this.#rpc.invokeOn(
            file.dataCentreId,
            new Api.upload.GetFile({ location: file.location, offset: longOf(offset), limit }),
            { ...this.#call.rpc(), signal },
          ),
        );
      } catch (error) {
        if (detour === detoursPerPart) throw error;
        await this.#goRound(error, file);
      }
    }
  }

  async #goRound(error: unknown, used: RemoteFile): Promise<void> {
    if (hasCode(error, "FILE_REFERENCE_EXPIRED", "FILE_REFERENCE_INVALID", "FILE_REFERENCE_EMPTY")) {
      if (this.#file !== used) return;
      this.#renewal ??= this.#renew();
      await this.#renewal;
      return;
    }
    const dataCentreId = error instanceof TelegraphistError ? error.data.dataCentreId : undefined;
    if (!hasCode(error, "FILE_MIGRATE") || typeof dataCentreId !== "number") throw error;
    this.#file = { ...this.#file, dataCentreId };
  }

  async #renew(): Promise<void> {
    try {
      this.#file = await this.#locate();
    } finally {
      this.#renewal = null;
    }
  }
}

function bytesOf(answer: Api.upload.TypeFile): Uint8Array {
  if (answer instanceof Api.upload.File) return answer.bytes;
  throw new TelegraphistError({
    code: "MEDIA_CDN_UNSUPPORTED",
    category: "INTERNAL",
    message:
      "Cannot download the file as Telegram keeps it on a CDN: received a redirect that was not asked for",
  });
}
