import {
  authKeyBytes,
  bytesOfBase64,
  type CompleteSession,
  type PortableSession,
} from "./portable-session.ts";

/**
 * The three forms by their size: data centre, since version 2 the API id, whether it is a test server, key, user id of
 * four or eight bytes, whether it is a bot; numbers in big-endian. Source: Pyrogram's `storage/storage.py`.
 */
const forms = [
  { bytes: 263, apiIdBytes: 0, userIdBytes: 4 },
  { bytes: 267, apiIdBytes: 0, userIdBytes: 8 },
  { bytes: 271, apiIdBytes: 4, userIdBytes: 8 },
] as const;

/** Telegram's ids of people have 52 bits at most (core.telegram.org/api/bots/ids). */
const maxUserId = 2n ** 52n;

/**
 * Session string of Pyrogram: base64url of one of the forms. A form that lost its end may have the size of another, whose
 * person and switches make no sense then.
 */
export function readPyrogramString(text: string): PortableSession | null {
  const bytes = bytesOfBase64(text);
  const form = forms.find((candidate) => candidate.bytes === bytes?.length);
  if (bytes === null || form === undefined) return null;
  const testAt = 1 + form.apiIdBytes;
  const userAt = testAt + 1 + authKeyBytes;
  const userId = form.userIdBytes === 4 ? BigInt(bytes.readUInt32BE(userAt)) : bytes.readBigUInt64BE(userAt);
  const switches = [bytes.readUInt8(testAt), bytes.readUInt8(userAt + form.userIdBytes)];
  if (userId === 0n || userId > maxUserId || switches.some((value) => value > 1)) return null;
  return {
    dataCentreId: bytes.readUInt8(0),
    address: null,
    isTest: bytes.readUInt8(testAt) !== 0,
    authKey: Uint8Array.from(bytes.subarray(testAt + 1, userAt)),
    userId: String(userId),
  };
}

/** In the form of version 2. */
export function writePyrogramString(session: CompleteSession): string {
  const head = Buffer.alloc(6);
  head.writeUInt8(session.dataCentreId, 0);
  head.writeUInt32BE(session.apiId, 1);
  head.writeUInt8(session.isTest ? 1 : 0, 5);
  const tail = Buffer.alloc(9);
  tail.writeBigUInt64BE(BigInt(session.userId), 0);
  return Buffer.concat([head, session.authKey, tail]).toString("base64url");
}
