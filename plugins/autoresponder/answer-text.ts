import { faultOfTemplate, localTimeOf, type MessageReceived, parseTemplate } from "telegraphist";
import { compilePattern, groupVariables } from "./pattern.ts";

/** Telegram's bound on a message, in UTF-16 code units. */
const maxTextLength = 4096;

const variables: Readonly<
  Record<string, (event: MessageReceived, nowMs: number, timeZone?: string) => string>
> = {
  "sender.firstName": ({ sender }) => (sender.type === "user" ? sender.firstName : sender.displayName),
  "sender.lastName": ({ sender }) => (sender.type === "user" ? sender.lastName : ""),
  "sender.displayName": ({ sender }) => sender.displayName,
  "sender.username": ({ sender }) => sender.username ?? "",
  "chat.title": ({ chat }) => chat.title,
  "chat.username": ({ chat }) => chat.username ?? "",
  "account.name": ({ account }) => account.name,
  date: (_event, nowMs, timeZone) => localTimeOf(nowMs, timeZone).date,
  time: (_event, nowMs, timeZone) => localTimeOf(nowMs, timeZone).time.slice(0, 5),
  weekday: (_event, nowMs, timeZone) => localTimeOf(nowMs, timeZone).weekday,
};

/** Names of the variables that every answer may have, beside those of its pattern's groups. */
export const answerVariables: readonly string[] = Object.keys(variables);

/** Why an answer's text cannot be used with its rule's conditions, or `null`. */
export function faultOfAnswer(
  answer: string,
  when: { readonly keywords?: unknown; readonly pattern?: string | undefined; readonly flags: string },
): string | null {
  const groups =
    when.pattern !== undefined
      ? groupVariables(compilePattern(when.pattern, when.flags))
      : when.keywords !== undefined
        ? ["match.0"]
        : [];
  return faultOfTemplate(answer, [...answerVariables, ...groups]);
}

/** Fills a rule's answer for a message, cut to what Telegram takes; may come out blank. */
export function renderAnswer(
  answer: string,
  event: MessageReceived,
  match: RegExpExecArray | null,
  time: { readonly nowMs: number; readonly timeZone?: string | undefined },
): string {
  const text = parseTemplate(answer).render((name) => {
    if (name.startsWith("match.")) return groupOf(match, name.slice("match.".length));
    return variables[name]?.(event, time.nowMs, time.timeZone) ?? "";
  });
  return text.slice(0, maxTextLength).toWellFormed();
}

function groupOf(match: RegExpExecArray | null, group: string): string {
  return (/^\d+$/.test(group) ? match?.[Number(group)] : match?.groups?.[group]) ?? "";
}
