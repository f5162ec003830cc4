import type { ErrorRecord } from "../contract/index.ts";

/** How a code reaches the person. */
export type CodeChannel = "app" | "sms" | "call" | "missed-call" | "email" | "fragment" | "other";

interface Question {
  /** 1 at first, one more after each answer that was not taken. */
  readonly attempt: number;
  /** Why the last answer was not taken; `null` at first. */
  readonly problem: ErrorRecord | null;
}

/** What Telegram tells of the code that it has sent. */
export interface CodeRequest extends Question {
  /** Where to look for it. */
  readonly sentVia: CodeChannel;
  /** What another one would be sent by; `null` when there is no other way. */
  readonly nextVia: CodeChannel | null;
  /** Digits of the code; `null` when Telegram does not tell. */
  readonly length: number | null;
}

/** The code, or what the person wants in place of it: another code, or to give another number. */
export type CodeAnswer = string | { readonly instead: "another-code" | "another-phone" };

export interface PasswordRequest extends Question {
  readonly hint: string | null;
}

interface AnyPrompts {
  password(request: PasswordRequest): Promise<string>;
  readonly signal?: AbortSignal;
}

/** The person at a login by phone. What they answer is used once and kept nowhere. */
export interface LoginPrompts extends AnyPrompts {
  /** In international form; blanks and dashes are taken out. */
  phone(request: Question): Promise<string>;
  code(request: CodeRequest): Promise<CodeAnswer>;
}

/** A code to be scanned by a device that is logged in; whoever scans it gives the account away. */
export interface QrCode {
  /** `tg://login?token=…` */
  readonly url: string;
  /** When the next one takes its place. */
  readonly validUntilMs: number;
}

/** The person at a login by a code that another of their devices scans. */
export interface QrPrompts extends AnyPrompts {
  /** Called anew whenever the code before is too old. */
  showQr(code: QrCode): void;
}

/** A session of another library, which takes its key along. */
export interface SessionImport {
  /** As GramJS, Telethon, Pyrogram, or mtcute write it. */
  readonly sessionString: string;
  readonly signal?: AbortSignal;
}

/** A way to get a session. */
export type LoginWay = LoginPrompts | QrPrompts | SessionImport;
