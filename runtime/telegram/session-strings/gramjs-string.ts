import {
  authKeyBytes,
  bytesOfBase64,
  type CompleteSession,
  type PortableSession,
} from "./portable-session.ts";

/** Data centre, the length of the host, and the port. */
const fixedBytes = 1 + 2 + 2;

/**
 * `StringSession` of npm `telegram`: "1", then base64 of data centre, host as text, port, and key, numbers in big-endian.
 * Source: its `sessions/StringSession.js`.
 */
export function readGramjsString(text: string): PortableSession | null {
  const bytes = text.startsWith("1") ? bytesOfBase64(text.slice(1)) : null;
  if (bytes === null || bytes.length < fixedBytes + authKeyBytes) return null;
  const hostBytes = bytes.readUInt16BE(1);
  if (bytes.length !== fixedBytes + hostBytes + authKeyBytes) return null;
  const port = bytes.readUInt16BE(3 + hostBytes);
  return {
    dataCentreId: bytes.readUInt8(0),
    address: { host: bytes.toString("utf8", 3, 3 + hostBytes), port },
    isTest: null,
    authKey: Uint8Array.from(bytes.subarray(fixedBytes + hostBytes)),
    userId: null,
  };
}

export function writeGramjsString({ address, authKey, dataCentreId }: CompleteSession): string {
  const host = Buffer.from(address.host);
  const head = Buffer.alloc(3);
  head.writeUInt8(dataCentreId, 0);
  head.writeUInt16BE(host.length, 1);
  const port = Buffer.alloc(2);
  port.writeUInt16BE(address.port);
  return `1${Buffer.concat([head, host, port, authKey]).toString("base64")}`;
}
