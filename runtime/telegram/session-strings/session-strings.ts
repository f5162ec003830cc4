import { readGramjsString, writeGramjsString } from "./gramjs-string.ts";
import { readMtcuteString, writeMtcuteString } from "./mtcute-string.ts";
import {
  authKeyBytes,
  type CompleteSession,
  type PortableSession,
  unknownString,
} from "./portable-session.ts";
import { readPyrogramString, writePyrogramString } from "./pyrogram-string.ts";
import { readTelethonString, writeTelethonString } from "./telethon-string.ts";

interface Codec {
  readonly read: (text: string) => PortableSession | null;
  readonly write: (session: CompleteSession) => string;
}

/** In the order in which they are tried: no string is read by two. */
const codecs = {
  gramjs: { read: readGramjsString, write: writeGramjsString },
  telethon: { read: readTelethonString, write: writeTelethonString },
  pyrogram: { read: readPyrogramString, write: writePyrogramString },
  mtcute: { read: readMtcuteString, write: writeMtcuteString },
} as const satisfies Readonly<Record<string, Codec>>;

/** A library whose session strings are known. */
export type SessionFormat = keyof typeof codecs;

// The keys of a constant object are its names.
export const sessionFormats = Object.keys(codecs) as readonly SessionFormat[];

/**
 * Recognises a session string and reads it; white space in it and quotes around it do not count, as it was copied from
 * somewhere.
 *
 * @throws {TelegraphistError} `SESSION_STRING_UNKNOWN`
 */
export function readSessionString(text: string): PortableSession & { readonly format: SessionFormat } {
  const trimmed = text.replaceAll(/\s/g, "").replace(/^(["'`])(.*)\1$/, "$2");
  for (const format of sessionFormats) {
    const session = codecs[format].read(trimmed);
    if (session !== null && isSound(session)) return { ...session, format };
  }
  throw unknownString();
}

/** @throws {TelegraphistError} `SESSION_STRING_ADDRESS` when the library cannot name such an address */
export function writeSessionString(format: SessionFormat, session: CompleteSession): string {
  return codecs[format].write(session);
}

function isSound({ authKey, dataCentreId }: PortableSession): boolean {
  return authKey.length === authKeyBytes && dataCentreId > 0;
}
