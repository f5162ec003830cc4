import { isIP } from "node:net";
import { TelegraphistError } from "../../contract/index.ts";
import {
  authKeyBytes,
  bytesOfBase64,
  type CompleteSession,
  type PortableSession,
} from "./portable-session.ts";

/** Data centre and port. */
const fixedBytes = 1 + 2;

/**
 * `StringSession` of Telethon: "1", then base64url of data centre, IPv4 or IPv6 address, port, and key, numbers in
 * big-endian. Source: its `sessions/string.py`.
 */
export function readTelethonString(text: string): PortableSession | null {
  const bytes = text.startsWith("1") ? bytesOfBase64(text.slice(1)) : null;
  const addressBytes = (bytes?.length ?? 0) - fixedBytes - authKeyBytes;
  if (bytes === null || (addressBytes !== 4 && addressBytes !== 16)) return null;
  return {
    dataCentreId: bytes.readUInt8(0),
    address: {
      host: hostOf(bytes.subarray(1, 1 + addressBytes)),
      port: bytes.readUInt16BE(1 + addressBytes),
    },
    isTest: null,
    authKey: Uint8Array.from(bytes.subarray(fixedBytes + addressBytes)),
    userId: null,
  };
}

/** @throws {TelegraphistError} `SESSION_STRING_ADDRESS` when the data centre is not named by an IPv4 address */
export function writeTelethonString({ address, authKey, dataCentreId }: CompleteSession): string {
  if (isIP(address.host) !== 4) {
    throw new TelegraphistError({
      code: "SESSION_STRING_ADDRESS",
      category: "INVALID",
      message: `Cannot write a session string of Telethon as it wants an IPv4 address: the data centre is at "${address.host}"`,
    });
  }
  const port = Buffer.alloc(2);
  port.writeUInt16BE(address.port);
  const host = address.host.split(".").map(Number);
  const text = Buffer.concat([Buffer.from([dataCentreId, ...host]), port, authKey]).toString("base64");
  // Telethon's own decoder wants the padding.
  return `1${text.replaceAll("+", "-").replaceAll("/", "_")}`;
}

function hostOf(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join(".");
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // The URL parser writes the shortest form (RFC 5952).
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
