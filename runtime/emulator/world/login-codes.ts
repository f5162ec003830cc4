import { randomBytes, randomInt } from "node:crypto";
import { RpcError } from "../methods/rpc.ts";

/** How a code reaches the person; `email-setup` sends none, as an address has to be set up before. */
export type CodeChannel = "app" | "sms" | "call" | "email" | "email-setup";

/** Where a person's codes go: to their devices and phone, to their e-mail address, or to one that they have yet to name. */
export type CodesBy = "phone" | "email" | "email-setup";

/** A code as a client gives it. */
export interface GivenCode {
  readonly code: string;
  /** Whether it was given as one that came by e-mail. */
  readonly isOfEmail: boolean;
}

/** A code as the client hears of it. */
export interface SentCode {
  readonly hash: string;
  readonly channel: CodeChannel;
  /** What the next one would be sent by; null when this was the last way. */
  readonly nextChannel: "sms" | "call" | null;
}

interface WaitingCode extends SentCode {
  readonly code: string;
  readonly expiresAtS: number;
  wrongAttempts: number;
}

/** What carries the next code. */
const nextOf: Readonly<Record<CodeChannel, "sms" | "call" | null>> = {
  app: "sms",
  sms: "call",
  call: null,
  email: null,
  "email-setup": null,
};
const lifetimeS = 300;
const maxWrongAttempts = 5;
/** Codes of a day that nobody used. */
const maxUnused = 50;
const dayS = 86_400;

/** The login codes that were "sent" to phones, by digits of the phone number. */
export class LoginCodes {
  readonly #byPhone = new Map<string, WaitingCode>();
  readonly #unusedAtS = new Map<string, number[]>();
  readonly #banned = new Set<string>();

  /** @throws {RpcError} `PHONE_NUMBER_BANNED`, or `PHONE_NUMBER_FLOOD` after too many that nobody used */
  send(phone: string, nowS: number, channel: CodeChannel = "app"): SentCode {
    if (this.#banned.has(phone)) throw new RpcError(400, "PHONE_NUMBER_BANNED");
    const unused = (this.#unusedAtS.get(phone) ?? []).filter((atS) => atS > nowS - dayS);
    if (unused.length >= maxUnused) throw new RpcError(400, "PHONE_NUMBER_FLOOD");
    this.#unusedAtS.set(phone, [...unused, nowS]);
    const sent = {
      hash: randomBytes(9).toString("hex"),
      channel,
      nextChannel: nextOf[channel],
      code: String(randomInt(10_000, 100_000)),
      expiresAtS: nowS + lifetimeS,
      wrongAttempts: 0,
    };
    this.#byPhone.set(phone, sent);
    return sent;
  }

  /** The code that the phone's owner reads; null when none is valid. */
  codeOf(phone: string): string | null {
    const sent = this.#byPhone.get(phone);
    return sent === undefined || sent.channel === "email-setup" ? null : sent.code;
  }

  /**
   * Uses up the code.
   *
   * @throws {RpcError} `PHONE_CODE_EMPTY`, `PHONE_CODE_EXPIRED`, `PHONE_CODE_INVALID`, or `CODE_INVALID` for one of e-mail
   */
  check(phone: string, hash: string, { code, isOfEmail }: GivenCode, nowS: number): void {
    if (code === "") throw new RpcError(400, "PHONE_CODE_EMPTY");
    const sent = this.#sent(phone, hash, nowS);
    if (sent.code !== code || isOfEmail !== (sent.channel === "email")) {
      sent.wrongAttempts += 1;
      if (sent.wrongAttempts >= maxWrongAttempts) this.#byPhone.delete(phone);
      throw new RpcError(400, isOfEmail ? "CODE_INVALID" : "PHONE_CODE_INVALID");
    }
    this.#byPhone.delete(phone);
    this.#unusedAtS.delete(phone);
  }

  /** By the next way. @throws {RpcError} `PHONE_CODE_EXPIRED` when there is none, `SEND_CODE_UNAVAILABLE` after the last way */
  resend(phone: string, hash: string, nowS: number): SentCode {
    const { nextChannel } = this.#sent(phone, hash, nowS);
    if (nextChannel === null) throw new RpcError(406, "SEND_CODE_UNAVAILABLE");
    return this.send(phone, nowS, nextChannel);
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

  /** No code is sent to the number any more. */
  ban(phone: string): void {
    this.#banned.add(phone);
  }

  #sent(phone: string, hash: string, nowS: number): WaitingCode {
    const sent = this.#byPhone.get(phone);
    if (sent === undefined || sent.hash !== hash || sent.expiresAtS <= nowS) {
      throw new RpcError(400, "PHONE_CODE_EXPIRED");
    }
    return sent;
  }
}
