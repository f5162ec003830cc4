import { type TelegramMethod, TelegraphistError } from "../contract/index.ts";
import { isPlainJson, isRecord } from "./plain-json.ts";

/** The form of one parameter of a call of the `Telegram` port. */
type Shape = keyof typeof readers;

/** The parameters of every call of the `Telegram` port, in their order. */
export const telegramParameters: Readonly<Record<TelegramMethod, readonly Shape[]>> = {
  send: ["text", "content", "options"],
  reply: ["ref", "content", "options"],
  edit: ["ref", "content", "options"],
  delete: ["text", "texts", "options"],
  forward: ["text", "texts", "text", "options"],
  react: ["ref", "textOrNull", "options"],
  read: ["text", "options"],
  typing: ["text", "optionalText", "options"],
  history: ["text", "options"],
  messages: ["text", "texts", "options"],
  dialogs: ["options"],
  search: ["text", "options"],
  resolve: ["text", "options"],
  me: ["options"],
  participants: ["text", "options"],
  invite: ["text", "texts", "options"],
  createInviteLink: ["text", "options"],
  inviteLinks: ["text", "options"],
  revokeInviteLink: ["text", "text", "options"],
  joinRequests: ["text", "options"],
  answerJoinRequest: ["text", "text", "flag", "options"],
  contacts: ["options"],
  download: ["ref", "text", "options"],
  upload: ["text", "file", "options"],
  invoke: ["text", "json", "options"],
};

export function isTelegramMethod(name: string): name is TelegramMethod {
  return Object.hasOwn(telegramParameters, name);
}

/**
 * The parameters of a call as they came over the wire, each in its form; what belongs to no form is left out, so that
 * nothing is handed on that was not looked at.
 *
 * @throws {TelegraphistError} `CALL_INVALID` when one has another form
 */
export function readTelegramParameters(method: TelegramMethod, params: readonly unknown[]): unknown[] {
  return telegramParameters[method].map((shape, index) => {
    const read = readers[shape](params[index]);
    if (read.ok) return read.value;
    throw new TelegraphistError({
      code: "CALL_INVALID",
      category: "INVALID",
      message: `Cannot call telegram.${method} as its parameter ${index + 1} has not the right form: ${shape}`,
    });
  });
}

type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false };
const wrong: Read = { ok: false };

const readers = {
  text: (value: unknown) => taken(value, isText(value)),
  optionalText: (value: unknown) => (value == null ? nothing : taken(value, isText(value))),
  textOrNull: (value: unknown) => taken(value ?? null, value == null || isText(value)),
  texts: (value: unknown) => taken(value, Array.isArray(value) && value.every(isText)),
  flag: (value: unknown) => taken(value, typeof value === "boolean"),
  ref: (value: unknown) => {
    if (!isRecord(value) || !isText(value.chatId) || !isText(value.messageId)) return wrong;
    return taken({ chatId: value.chatId, messageId: value.messageId });
  },
  content: (value: unknown) => {
    if (isText(value)) return taken(value);
    if (!isRecord(value) || !isText(value.text)) return wrong;
    const { entities } = value;
    if (entities === undefined) return taken(flat(value));
    if (!Array.isArray(entities) || !entities.every(isRecord)) return wrong;
    return taken({ ...flat(value), entities: entities.map(flat) });
  },
  file: (value: unknown) => (isRecord(value) && isText(value.path) ? taken(flat(value)) : wrong),
  options: (value: unknown) => (value == null ? nothing : isRecord(value) ? taken(flat(value)) : wrong),
  json: (value: unknown) => taken(value, isRecord(value) && isPlainJson(value)),
} satisfies Readonly<Record<string, (value: unknown) => Read>>;

const nothing: Read = { ok: true, value: undefined };

function taken(value: unknown, isRight = true): Read {
  return isRight ? { ok: true, value } : wrong;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** The entries that are plain values; `null` is what JSON makes of nothing. */
function flat(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  return Object.fromEntries(entries);
}
