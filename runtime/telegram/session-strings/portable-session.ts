import { TelegraphistError } from "../../contract/index.ts";

/** A session as it travels between libraries: what a client needs to speak as the account, and nothing else. */
export interface PortableSession {
  readonly dataCentreId: number;
  /** Where the library found its home data centre; `null` when the string does not tell. */
  readonly address: { readonly host: string; readonly port: number } | null;
  /** Whether it is of Telegram's test servers; `null` when the string does not tell. */
  readonly isTest: boolean | null;
  /** The permanent key of the home data centre, 256 bytes. */
  readonly authKey: Uint8Array;
  /** Decimal; `null` when the string does not tell. */
  readonly userId: string | null;
}

/** A session that is to be written, with what one library or another asks for. */
export interface CompleteSession extends PortableSession {
  readonly address: NonNullable<PortableSession["address"]>;
  readonly isTest: boolean;
  readonly userId: string;
  readonly apiId: number;
}

export const authKeyBytes = 256;

/** The bytes of base64 in either alphabet; `null` when the text is none. */
export function bytesOfBase64(text: string): Buffer | null {
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : null;
}

/** The text names no session that can be read here. It is not quoted: it may be a whole account. */
export function unknownString(): TelegraphistError {
  return new TelegraphistError({
    code: "SESSION_STRING_UNKNOWN",
    category: "INVALID",
    message:
      "Cannot read the session string: it is none of GramJS, Telethon, Pyrogram, or mtcute, or a part of it is missing",
  });
}

/** There is no key of the home data centre, or no person that it is of. */
export function unfinishedSession(account: string): TelegraphistError {
  return new TelegraphistError({
    code: "SESSION_STRING_UNFINISHED",
    category: "AUTH",
    message: `Cannot export the session of "${account}" as its login is not done: run "telegraphist login ${account}"`,
    data: { account },
  });
}
