import { open } from "node:fs/promises";
import { basename } from "node:path";
import { attributeNames, instruments, span, spanNames } from "../../../telemetry/index.ts";
import {
  type FileContent,
  type Message,
  type PeerLike,
  type SendOptions,
  TelegraphistError,
  type TransferOptions,
} from "../../contract/index.ts";
import { Api } from "../gramjs.ts";
import { randomLong } from "../mapping/long.ts";
import type { CallTime } from "../operations/call-time.ts";
import { requireLength } from "../operations/invalid-call.ts";
import type { Operator } from "../operations/operator.ts";
import { sendFields } from "../operations/send-messages.ts";
import { sendOneOnce } from "../operations/send-once.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { slidingWindow } from "./sliding-window.ts";
import { partBytes, partsInFlight, transferTimeoutMs } from "./transfer-limits.ts";
import { uploadedMedia } from "./uploaded-media.ts";

/** Above this, parts are sent as those of a big file, which has no checksum. Source: core.telegram.org/api/files. */
const smallFileBytes = 10 * 1024 * 1024;

/** Parts of the largest file that an account without Premium may send: 2 GB. */
const mostParts = 4_000;

/** Sends a file, several parts at once, and then the message that holds it. */
export async function upload(
  operator: Operator,
  chat: PeerLike,
  file: FileContent,
  options: SendOptions & TransferOptions = {},
): Promise<Message> {
  const call = operator.begin(options, transferTimeoutMs);
  const message = requireLength("caption", file.caption ?? "", 0, 1024);
  const peer = await operator.peers.inputPeer(chat, call);
  const chatId = await operator.peers.chatId(chat, call);
  const attributes = { [attributeNames.account]: operator.rpc.account.name };
  return span(spanNames.upload, { attributes }, async () => {
    const looksLike = (sent: Message) => sent.media !== null && sent.text === message;
    return sendOneOnce(operator, { chat, looksLike, options }, async (randomId) => {
      const media = uploadedMedia(file, await uploadFile(operator, file, options, call));
      const answer = await operator.rpc.invoke(
        new Api.messages.SendMedia({ peer, media, message, randomId, ...sendFields(options) }),
        call.rpc(chatId),
      );
      return operator.sent(answer, [String(randomId)]);
    });
  });
}

async function uploadFile(
  operator: Operator,
  file: FileContent,
  options: TransferOptions,
  call: CallTime,
): Promise<Api.TypeInputFile> {
  const { rpc, clock } = operator;
  const handle = await open(file.path, "r").catch((cause: unknown) => {
    throw unusable(
      file.path,
      "MEDIA_UNREADABLE",
      String(cause instanceof Error && "code" in cause ? cause.code : cause),
    );
  });
  try {
    const { size: sizeBytes } = await handle.stat();
    const parts = Math.ceil(sizeBytes / partBytes);
    if (parts === 0) throw unusable(file.path, "MEDIA_EMPTY", "it has no bytes");
    if (parts > mostParts) throw unusable(file.path, "MEDIA_TOO_LARGE", `it has ${sizeBytes} bytes`);

    const id = randomLong();
    const isSmall = sizeBytes <= smallFileBytes;
    const md5 = new Bun.CryptoHasher("md5");
    const progress = new ProgressMeter(sizeBytes, options.onProgress, () => clock.now());
    const sent = slidingWindow(
      { count: parts, width: partsInFlight, signal: options.signal },
      async (filePart, signal) => {
        const offset = filePart * partBytes;
        const bytes = Buffer.alloc(Math.min(partBytes, sizeBytes - offset));
        const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, offset);
        if (bytesRead < bytes.byteLength) throw unusable(file.path, "MEDIA_UNREADABLE", "it became shorter");
        const request = isSmall
          ? new Api.upload.SaveFilePart({ fileId: id, filePart, bytes })
          : new Api.upload.SaveBigFilePart({ fileId: id, filePart, fileTotalParts: parts, bytes });
        await rpc.invokeOn(rpc.dataCentreId, request, { ...call.rpc(), signal });
        return bytes;
      },
    );
    for await (const bytes of sent) {
      if (isSmall) md5.update(bytes);
      progress.add(bytes.byteLength);
      instruments.transferBytes.add(bytes.byteLength, { account: rpc.account.name, direction: "up" });
    }
    const name = file.fileName ?? basename(file.path);
    return isSmall
      ? new Api.InputFile({ id, parts, name, md5Checksum: md5.digest("hex") })
      : new Api.InputFileBig({ id, parts, name });
  } finally {
    await handle.close();
  }
}

function unusable(path: string, code: string, reason: string): TelegraphistError {
  return new TelegraphistError({
    code,
    category: code === "MEDIA_UNREADABLE" ? "NOT_FOUND" : "INVALID",
    message: `Cannot upload ${JSON.stringify(path)}: ${reason}`,
  });
}
