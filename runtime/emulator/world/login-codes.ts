import { randomBytes, randomInt } from "node:crypto";
import { RpcError } from "../methods/rpc.ts";

interface SentCode {
  readonly hash: string;
  readonly code: string;
  readonly expiresAtS: number;
  wrongAttempts: number;
}

const lifetimeS = 300;
const maxWrongAttempts = 5;

/** The login codes that were "sent" to phones, by digits of the phone number. */
export class LoginCodes {
  readonly #byPhone = new Map<string, SentCode>();

  /** Returns the hash that the client must give back with the code. */
  send(phone: string, nowS: number): string {
    const sent = {
      hash: randomBytes(9).toString("hex"),
      code: String(randomInt(10_000, 100_000)),
      expiresAtS: nowS + lifetimeS,
      wrongAttempts: 0,
    };
    this.#byPhone.set(phone, sent);
    return sent.hash;
  }

  /** The code that the phone's owner reads; null when none is valid. */
  codeOf(phone: string): string | null {
    return this.#byPhone.get(phone)?.code ?? null;
  }

  /** Uses up the code. @throws {RpcError} `PHONE_CODE_EMPTY`, `PHONE_CODE_EXPIRED`, or `PHONE_CODE_INVALID` */
  check(phone: string, hash: string, code: string, nowS: number): void {
    if (code === "") throw new RpcError(400, "PHONE_CODE_EMPTY");
    const sent = this.#sent(phone, hash, nowS);
    if (sent.code !== code) {
      sent.wrongAttempts += 1;
      if (sent.wrongAttempts >= maxWrongAttempts) this.#byPhone.delete(phone);
      throw new RpcError(400, "PHONE_CODE_INVALID");
    }
    this.#byPhone.delete(phone);
  }

  /** @throws {RpcError} `PHONE_CODE_EXPIRED` when there is none */
  resend(phone: string, hash: string, nowS: number): string {
    this.#sent(phone, hash, nowS);
    return this.send(phone, nowS);
  }

  /** @throws {RpcError} `PHONE_CODE_EXPIRED` when there is none */
  cancel(phone: string, hash: string, nowS: number): void {
    this.#sent(phone, hash, nowS);
    this.#byPhone.delete(phone);
  }

  /** Makes a code that was sent too old, as time would. */
  expire(phone: string): void {
    this.#byPhone.delete(phone);
  }

  #sent(phone: string, hash: string, nowS: number): SentCode {
    const sent = this.#byPhone.get(phone);
    if (sent === undefined || sent.hash !== hash || sent.expiresAtS <= nowS) {
      throw new RpcError(400, "PHONE_CODE_EXPIRED");
    }
    return sent;
  }
}
