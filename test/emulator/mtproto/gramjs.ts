import { createHash, createPublicKey } from "node:crypto";
import bigInt from "big-integer";
import { TelegramClient } from "telegram";
import { _serverKeys } from "telegram/crypto/RSA.js";
import { PromisedNetSockets } from "telegram/extensions/index.js";
import { Logger, LogLevel } from "telegram/extensions/Logger.js";
import { ConnectionTCPFull } from "telegram/network/index.js";
import { StringSession } from "telegram/sessions/index.js";
import { TlWriter } from "../../../runtime/emulator/tl/tl-writer.ts";

export interface GramjsTarget {
  readonly dataCentres: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly publicKeyPem: string;
}

/** The unmodified npm `telegram`, pointed at a local server. */
export function gramjsClient(
  target: GramjsTarget,
  session: StringSession = new StringSession(""),
  options: Partial<ConstructorParameters<typeof TelegramClient>[3]> = {},
): TelegramClient {
  trustKey(target.publicKeyPem);
  session.setDC(1, addressOf(1), 443);
  return new TelegramClient(session, 1, "hash", {
    connection: ConnectionTCPFull,
    networkSocket: socketTo(target),
    connectionRetries: 3,
    requestRetries: 1,
    floodSleepThreshold: 0,
    securityChecks: true,
    baseLogger: new Logger(LogLevel.NONE),
    ...options,
  });
}

/** GramJS dials a fixed port, so each data centre has an address of its own, which the socket maps to the real one. */
export function addressOf(dcId: number): string {
  return `127.0.0.${dcId}`;
}

function socketTo(target: GramjsTarget) {
  return class extends PromisedNetSockets {
    override connect(_port: number, ip: string) {
      const dc = target.dataCentres.find(({ id }) => addressOf(id) === ip);
      if (dc === undefined) throw new Error(`No data centre has the address ${ip}`);
      return super.connect(dc.port, dc.host);
    }
  };
}

function trustKey(pem: string): void {
  const { n = "", e = "" } = createPublicKey(pem).export({ format: "jwk" });
  const modulus = Buffer.from(n, "base64url");
  const exponent = Buffer.from(e, "base64url");
  const writer = new TlWriter();
  writer.bytes(modulus);
  writer.bytes(exponent);
  const hash = createHash("sha1").update(writer.take()).digest();
  _serverKeys.set(hash.readBigInt64LE(12).toString(), {
    n: bigInt(modulus.toString("hex"), 16),
    e: exponent.readUIntBE(0, exponent.length),
  });
}
