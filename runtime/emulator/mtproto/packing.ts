import { gzipSync } from "node:zlib";
import { gunzip } from "../tl/gzip.ts";
import { TlError } from "../tl/tl-error.ts";
import { gzipPackedId } from "../tl/tl-ids.ts";
import { TlReader } from "../tl/tl-reader.ts";
import { TlWriter } from "../tl/tl-writer.ts";

/** A message within an encrypted packet. */
export interface Message {
  readonly id: bigint;
  readonly sequence: number;
  readonly body: Uint8Array;
}

const containerId = 0x73f1f8dc;
const rpcResultId = 0xf35c6d01;
/** As many as a container may hold (core.telegram.org/mtproto/service_messages#containers). */
const maxContainedMessages = 1020;
/** Below this gzip costs more than it saves. */
const minGzipBytes = 2048;

/** The constructor id that a body begins with; 0 when it is too short for one. */
export function constructorIdOf(body: Uint8Array): number {
  return body.length < 4 ? 0 : new TlReader(body).uint32();
}

/** The messages in a container, or null when the body is none. */
export function containedMessages(body: Uint8Array): Message[] | null {
  const reader = new TlReader(body);
  if (reader.remaining < 8 || reader.uint32() !== containerId) return null;
  const count = reader.uint32();
  if (count > maxContainedMessages) throw new TlError(`Cannot read a container of ${count} messages`);
  return Array.from({ length: count }, () => {
    const id = reader.long();
    const sequence = reader.int();
    return { id, sequence, body: reader.raw(reader.uint32()) };
  });
}

/** One message that holds the others. */
export function packContainer(messages: readonly Message[]): Uint8Array {
  const writer = new TlWriter(messages.reduce((sum, { body }) => sum + 16 + body.length, 8));
  writer.uint32(containerId);
  writer.int(messages.length);
  for (const message of messages) {
    writer.long(message.id);
    writer.int(message.sequence);
    writer.int(message.body.length);
    writer.raw(message.body);
  }
  return writer.take();
}

/** A body without its `gzip_packed`, if it had one. */
export function unzipped(body: Uint8Array): Uint8Array {
  if (constructorIdOf(body) !== gzipPackedId) return body;
  const reader = new TlReader(body);
  reader.uint32();
  return gunzip(reader.bytes());
}

/** A body as `gzip_packed` where that is shorter. */
export function zippedIfShorter(body: Uint8Array): Uint8Array {
  if (body.length < minGzipBytes) return body;
  const packed = gzipSync(body, { level: 1 });
  if (packed.length + 8 >= body.length) return body;
  const writer = new TlWriter(packed.length + 12);
  writer.uint32(gzipPackedId);
  writer.bytes(packed);
  return writer.take();
}

/** The answer to a call. */
export function packResult(requestId: bigint, result: Uint8Array): Uint8Array {
  const writer = new TlWriter(12 + result.length);
  writer.uint32(rpcResultId);
  writer.long(requestId);
  writer.raw(result);
  return writer.take();
}
