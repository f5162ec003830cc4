import { attributeNames, instruments, span, spanNames } from "../../../telemetry/index.ts";
import {
  type DownloadResult,
  type MessageRef,
  TelegraphistError,
  type TransferOptions,
} from "../../contract/index.ts";
import { isStored } from "../mapping/message.ts";
import { chatIdOfPeer } from "../mapping/peer-id.ts";
import type { CallTime } from "../operations/call-time.ts";
import type { Operator } from "../operations/operator.ts";
import { fetchMessages } from "../operations/read-messages.ts";
import { FileSink } from "./file-sink.ts";
import { FileSource } from "./file-source.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { type RemoteFile, remoteFileOf } from "./remote-file.ts";
import { slidingWindow } from "./sliding-window.ts";
import { partBytes, partsInFlight, transferTimeoutMs } from "./transfer-limits.ts";

/** Fetches a message's file, several parts at once; `path` holds either the whole file or what it held before. */
export async function download(
  operator: Operator,
  message: MessageRef,
  path: string,
  options: TransferOptions = {},
): Promise<DownloadResult> {
  const call = operator.begin(options, transferTimeoutMs);
  const { rpc, clock } = operator;
  const account = rpc.account.name;
  return span(spanNames.download, { attributes: { [attributeNames.account]: account } }, async (active) => {
    const locate = () => locateFile(operator, message, call);
    const file = await locate();
    const { sizeBytes } = file;
    active.set({ [attributeNames.bytes]: sizeBytes, [attributeNames.dataCentre]: file.dataCentreId });

    const source = new FileSource(rpc, call, file, locate);
    const progress = new ProgressMeter(sizeBytes, options.onProgress, () => clock.now());
    await using sink = await FileSink.create(path);
    const parts = slidingWindow(
      { count: Math.ceil(sizeBytes / partBytes), width: partsInFlight, signal: options.signal },
      (index, signal) => source.part(index * partBytes, partBytes, signal),
    );
    for await (const bytes of parts) {
      await sink.append(bytes);
      progress.add(bytes.byteLength);
      instruments.transferBytes.add(bytes.byteLength, { account, direction: "down" });
    }
    if (progress.transferredBytes !== sizeBytes) throw sizeMismatch(sizeBytes, progress.transferredBytes);
    return { path, sizeBytes, sha256: await sink.keep() };
  });
}

async function locateFile(operator: Operator, message: MessageRef, call: CallTime): Promise<RemoteFile> {
  const answer = await fetchMessages(operator, message.chatId, [message.messageId], call);
  await operator.peers.store.remember(answer);
  // Private chats and basic groups share one row of numbers, so a number may be another chat's.
  const found = answer.messages
    .filter(isStored)
    .find(({ peerId }) => chatIdOfPeer(peerId) === message.chatId);
  const file = found === undefined ? null : remoteFileOf(found);
  if (file !== null) return file;
  throw new TelegraphistError({
    code: "MEDIA_NONE",
    category: "NOT_FOUND",
    message: `Cannot download from message ${message.messageId} of chat ${message.chatId}: ${found === undefined ? "it is gone" : "it has no file"}`,
  });
}

function sizeMismatch(expectedBytes: number, receivedBytes: number): TelegraphistError {
  return new TelegraphistError({
    code: "MEDIA_SIZE_MISMATCH",
    category: "NETWORK",
    message: `Cannot keep the file as it must have ${expectedBytes} bytes: received ${receivedBytes}`,
    retryable: true,
    data: { expectedBytes, receivedBytes },
  });
}
