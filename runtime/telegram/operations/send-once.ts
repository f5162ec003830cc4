import { createHash } from "node:crypto";
import {
  type AccountName,
  type CallOptions,
  hasCode,
  type Message,
  type MessageId,
  type MessagePage,
  type OnceOptions,
  type PeerLike,
  TelegraphistError,
} from "../../contract/index.ts";
import { type Long, longOf, randomLong } from "../mapping/long.ts";
import { type Operator, unreadable } from "./operator.ts";
import { history } from "./read-messages.ts";

/** How a send is known again. */
export interface Sending {
  readonly chat: PeerLike;
  /** Whether a message of the account's own in that chat may be one that this send makes. */
  readonly looksLike: (message: Message) => boolean;
  readonly options: CallOptions & OnceOptions;
}

/** One message of a send. */
export interface Part {
  /** Tells it from the send's other messages. */
  readonly name: string;
  readonly randomId: Long;
}

/** How far back the messages of a send are looked for whose answer never came: as far as a busy chat comes in some minutes. */
const searchedBack = 1_000;
const pageSize = 100;

/**
 * Sends messages, unless that was done before under the same name: then returns what was sent. A name that Telegram
 * knows and this program does not is of a life that ended before the answer came; the messages are found in the chat.
 *
 * @param send makes the request for some of the parts, and returns their messages in that order
 * @throws {TelegraphistError} `SENT_MESSAGE_UNKNOWN` when Telegram has taken the send before, and its messages are gone
 */
export async function sendOnce(
  operator: Operator,
  sending: Sending,
  names: readonly string[],
  send: (parts: readonly Part[]) => Promise<readonly Message[]>,
): Promise<readonly Message[]> {
  const { onceKey } = sending.options;
  if (onceKey === undefined) {
    const parts = names.map((name) => ({ name, randomId: randomLong() }));
    return sendOrFind(operator, sending, parts, send);
  }
  const { sentMessages, rpc } = operator;
  const account = rpc.account.name;
  const parts = names.map((name) => ({ name, randomId: onceId(account, onceKey, name) }));
  const known = await Promise.all(parts.map((part) => sentMessages.find(account, String(part.randomId))));
  const missing = parts.filter((_, index) => !known[index]);
  if (missing.length > 0) {
    const sent = await sendOrFind(operator, sending, missing, send);
    const rows = sent.map((message, index) => [String(missing[index]?.randomId), message] as const);
    await sentMessages.put(account, new Map(rows));
    return inPlaceOfGaps(known, sent);
  }
  return inPlaceOfGaps(known, []);
}

/** The same for a send that makes one message. */
export async function sendOneOnce(
  operator: Operator,
  sending: Sending,
  send: (randomId: Long) => Promise<readonly Message[]>,
): Promise<Message> {
  const [message] = await sendOnce(operator, sending, [""], async ([part]) =>
    part === undefined ? [] : send(part.randomId),
  );
  if (message === undefined) throw unreadable({ className: "nothing" });
  return message;
}

/** The `random_id` of a send that has a name: the same for ever, and never 0. */
export function onceId(account: AccountName, onceKey: string, part: string): Long {
  const hash = createHash("sha256")
    .update(JSON.stringify([account, onceKey, part]))
    .digest();
  const id = hash.readBigInt64BE(0);
  return longOf((id === 0n ? 1n : id).toString());
}

/** What was known, its gaps filled in order. */
function inPlaceOfGaps(known: readonly (Message | null)[], fillers: readonly Message[]): readonly Message[] {
  const rest = fillers.values();
  return known.flatMap((message) => message ?? rest.next().value ?? []);
}

async function sendOrFind(
  operator: Operator,
  sending: Sending,
  parts: readonly Part[],
  send: (parts: readonly Part[]) => Promise<readonly Message[]>,
): Promise<readonly Message[]> {
  try {
    return await send(parts);
  } catch (error) {
    if (!hasCode(error, "RANDOM_ID_DUPLICATE")) throw error;
    return findSent(operator, sending, parts.length, error);
  }
}

/** The latest messages of the chat that look like the send's, oldest first. */
async function findSent(
  operator: Operator,
  { chat, looksLike, options: { signal, timeoutMs, priority } }: Sending,
  count: number,
  cause: unknown,
): Promise<readonly Message[]> {
  const own: Message[] = [];
  let beforeId: MessageId | null = null;
  for (let searched = 0; searched < searchedBack; searched += pageSize) {
    const page: MessagePage = await history(operator, chat, {
      limit: pageSize,
      ...(beforeId !== null && { beforeId }),
      ...(signal !== undefined && { signal }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(priority !== undefined && { priority }),
    });
    own.push(...page.messages.filter((one) => one.direction === "outgoing" && looksLike(one)));
    if (own.length >= count) return own.slice(0, count).reverse();
    beforeId = page.nextBeforeId;
    if (beforeId === null) break;
  }
  throw new TelegraphistError({
    code: "SENT_MESSAGE_UNKNOWN",
    category: "NOT_FOUND",
    message: "Cannot tell which message a repeated send made: Telegram has taken it before, and it is gone",
    cause,
  });
}
