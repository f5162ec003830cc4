import {
  type Chat,
  type Clock,
  parseTemplate,
  privateChatIdOf,
  type Telegram,
  type User,
} from "telegraphist";
import type { Pending } from "./campaign.ts";
import type { CampaignBook } from "./campaign-book.ts";
import type { InviterConfig } from "./config.ts";
import { contacted } from "./pace.ts";
import type { PersonRef } from "./peer-ref.ts";
import { type CampaignCall, type Verdict, verdictOfError, verdictOfInvite } from "./verdict.ts";

/** Bound on each call: the four calls for one person fit into the 60 s of a scheduled step. */
export const callTimeoutMs = 12_000;

/** What contacting a person needs. */
export interface ContactTools {
  readonly telegram: Telegram;
  readonly channel: Chat;
  readonly book: CampaignBook;
  readonly config: InviterConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Adds one person or sends the link, by the campaign's mode. Whatever must not happen twice is in the book before it is
 * tried; the verdict itself is not.
 */
export async function contactPerson(
  person: PersonRef,
  state: Pending,
  tools: ContactTools,
): Promise<Verdict> {
  const { book, channel, clock, config, signal, telegram } = tools;
  const options = { signal, timeoutMs: callTimeoutMs };

  const resolved = await tried("resolve", () => telegram.resolve(person, options));
  if ("verdict" in resolved) return resolved;
  const { user } = resolved.value;
  if (user === null || user.isBot || user.isDeleted || user.isSelf) {
    return { verdict: "refused", reason: "not a person" };
  }
  if (!(await book.isFirstNameOf(user.id, person))) return { verdict: "duplicate" };
  await book.setPace(contacted(book.pace, clock.now()));
  if (config.mode === "link" || state.needsLink) return sendLink(person, user, tools);

  const invited = await tried("invite", () => telegram.invite(channel.id, [user.id], options));
  const verdict = "verdict" in invited ? invited : verdictOfInvite(invited.value[0]);
  if (verdict.verdict !== "link-instead") return verdict;
  if (config.mode === "direct") return { verdict: "refused", reason: verdict.reason };
  await book.setState(person, { ...state, needsLink: true });
  return sendLink(person, user, tools);
}

async function sendLink(
  person: PersonRef,
  user: User,
  { book, channel, clock, config, signal, telegram }: ContactTools,
): Promise<Verdict> {
  const options = { signal, timeoutMs: callTimeoutMs };
  let url = await book.link();
  if (url === undefined) {
    const made = await tried("link", () => telegram.createInviteLink(channel.id, options));
    if ("verdict" in made) return made;
    url = made.value.url;
    await book.setLink(url);
  }
  const values: Readonly<Record<string, string>> = {
    "person.firstName": user.firstName,
    "person.displayName": user.displayName,
    "channel.title": channel.title,
    link: url,
  };
  const text = parseTemplate(config.linkMessage).render((name) => values[name] ?? "");
  await book.setState(person, { state: "sending-link", atMs: clock.now() });
  const sent = await tried("message", () => telegram.send(privateChatIdOf(user.id), text, options));
  return "verdict" in sent ? sent : { verdict: "link-sent" };
}

async function tried<T>(call: CampaignCall, run: () => Promise<T>): Promise<{ readonly value: T } | Verdict> {
  try {
    return { value: await run() };
  } catch (error) {
    return verdictOfError(error, call);
  }
}
