import { wireError } from "./wire-error.ts";

/** Bounds on one frame, judged by its header before anything is allocated for it. */
export interface FrameBounds {
  readonly maxJsonBytes: number;
  readonly maxAttachmentBytes: number;
}

/** What a plugin's process may send: calls and log lines. */
export const guestFrameBounds: FrameBounds = {
  maxJsonBytes: 4 * 1024 ** 2,
  maxAttachmentBytes: 64 * 1024 ** 2,
};
/** What the host may send: long lists of people and chats too. */
export const hostFrameBounds: FrameBounds = {
  maxJsonBytes: 64 * 1024 ** 2,
  maxAttachmentBytes: 64 * 1024 ** 2,
};

/** One message with the bytes that go with it. */
export interface Frame {
  /** Whatever the JSON holds. */
  readonly message: unknown;
  readonly attachment: Uint8Array | null;
  /** What it takes to hold it in memory, about: JSON takes several times its length once it is read. */
  readonly heldBytes: number;
}

const headerBytes = 8;
const readJsonFactor = 4;
const empty = new Uint8Array(0);

/**
 * A frame: the length of the JSON and that of the attachment, each as 32 bits with the lowest byte first, then both.
 *
 * @throws {TelegraphistError} `WIRE_TOO_LARGE`
 */
export function encodeFrame(
  message: object,
  attachment: Uint8Array = empty,
  bounds: FrameBounds = hostFrameBounds,
): Uint8Array {
  const text = JSON.stringify(message);
  const jsonBytes = Buffer.byteLength(text);
  requireWithin(jsonBytes, attachment.byteLength, bounds);
  const bytes = Buffer.allocUnsafe(headerBytes + jsonBytes + attachment.byteLength);
  bytes.writeUInt32LE(jsonBytes, 0);
  bytes.writeUInt32LE(attachment.byteLength, 4);
  bytes.write(text, headerBytes);
  bytes.set(attachment, headerBytes + jsonBytes);
  return bytes;
}

/** Takes bytes as they come and gives frames; after it has thrown it cannot be used again. */
export class FrameReader {
  readonly #bounds: FrameBounds;
  #parts: Uint8Array[] = [];
  #heldBytes = 0;
  #wantedBytes = headerBytes;

  constructor(bounds: FrameBounds) {
    this.#bounds = bounds;
  }

  /** @throws {TelegraphistError} `WIRE_TOO_LARGE` at the header of such a frame, `WIRE_MALFORMED` when it is not JSON */
  *read(chunk: Uint8Array): Generator<Frame> {
    this.#parts.push(chunk);
    this.#heldBytes += chunk.byteLength;
    if (this.#heldBytes < this.#wantedBytes) return;
    const bytes = joined(this.#parts);
    let offset = 0;
    for (;;) {
      const leftBytes = bytes.byteLength - offset;
      this.#wantedBytes = leftBytes < headerBytes ? headerBytes : this.#frameBytes(bytes, offset);
      if (leftBytes < this.#wantedBytes) break;
      yield frameAt(bytes, offset);
      offset += this.#wantedBytes;
    }
    const rest = bytes.subarray(offset);
    this.#parts = rest.byteLength === 0 ? [] : [rest];
    this.#heldBytes = rest.byteLength;
  }

  #frameBytes(bytes: Buffer, offset: number): number {
    const jsonBytes = bytes.readUInt32LE(offset);
    const attachmentBytes = bytes.readUInt32LE(offset + 4);
    requireWithin(jsonBytes, attachmentBytes, this.#bounds);
    return headerBytes + jsonBytes + attachmentBytes;
  }
}

/** The parts in one piece; a single one as it is. */
export function joined(parts: readonly Uint8Array[]): Buffer {
  const [only] = parts;
  const isOne = only !== undefined && parts.length === 1;
  return isOne ? Buffer.from(only.buffer, only.byteOffset, only.byteLength) : Buffer.concat(parts);
}

function frameAt(bytes: Buffer, offset: number): Frame {
  const jsonBytes = bytes.readUInt32LE(offset);
  const jsonStart = offset + headerBytes;
  const jsonEnd = jsonStart + jsonBytes;
  const attachmentBytes = bytes.readUInt32LE(offset + 4);
  const attachment =
    attachmentBytes === 0 ? null : new Uint8Array(bytes.subarray(jsonEnd, jsonEnd + attachmentBytes));
  const message = parse(bytes.toString("utf8", jsonStart, jsonEnd));
  return { message, attachment, heldBytes: jsonBytes * readJsonFactor + attachmentBytes };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote what was sent.
    throw wireError("WIRE_MALFORMED", "a frame is not JSON");
  }
}

function requireWithin(jsonBytes: number, attachmentBytes: number, bounds: FrameBounds): void {
  if (jsonBytes > bounds.maxJsonBytes) {
    throw wireError("WIRE_TOO_LARGE", `a message has ${jsonBytes} bytes, ${bounds.maxJsonBytes} at most`);
  }
  if (attachmentBytes > bounds.maxAttachmentBytes) {
    throw wireError(
      "WIRE_TOO_LARGE",
      `an attachment has ${attachmentBytes} bytes, ${bounds.maxAttachmentBytes} at most`,
    );
  }
}
