import { isWithinHours, type MessageReceived } from "telegraphist";
import type { AutoresponderConfig, Conditions, Rule } from "./config.ts";
import { compilePattern, keywordPattern } from "./pattern.ts";

/** A rule with its expressions made once. */
export interface CompiledRule {
  readonly rule: Rule;
  /** The rule's name, or `rule 1` by its place. */
  readonly label: string;
  readonly cooldownMs: number;
  readonly keywords: RegExp | null;
  readonly pattern: RegExp | null;
}

/** A rule that fits a message, with what its pattern or keyword matched. */
export interface RuleMatch {
  readonly rule: CompiledRule;
  readonly match: RegExpExecArray | null;
}

/** Makes the rules of a configuration ready to match. */
export function compileRules({ rules, cooldownMinutes }: AutoresponderConfig): readonly CompiledRule[] {
  return rules.map((rule, index) => ({
    rule,
    label: rule.name ?? `rule ${index + 1}`,
    cooldownMs: (rule.cooldownMinutes ?? cooldownMinutes) * 60_000,
    keywords: rule.when.keywords === undefined ? null : keywordPattern(rule.when.keywords),
    pattern: rule.when.pattern === undefined ? null : compilePattern(rule.when.pattern, rule.when.flags),
  }));
}

/** The first rule that fits a message at a time, or `null`. */
export function firstMatch(
  rules: readonly CompiledRule[],
  event: MessageReceived,
  nowMs: number,
): RuleMatch | null {
  for (const rule of rules) {
    const { hours, when } = rule.rule;
    if (!isSuitable(when, event)) continue;
    if (hours !== undefined && !hours.some((each) => isWithinHours(each, nowMs))) continue;
    const keyword = rule.keywords?.exec(event.text) ?? null;
    if (rule.keywords !== null && keyword === null) continue;
    const match = rule.pattern?.exec(event.text) ?? null;
    if (rule.pattern !== null && match === null) continue;
    return { rule, match: match ?? keyword };
  }
  return null;
}

function isSuitable(when: Conditions, { chat, sender }: MessageReceived): boolean {
  if (when.chatKinds !== undefined && !when.chatKinds.some((kind) => kind === chat.kind)) return false;
  const isContact = sender.type === "user" && sender.isContact;
  if (when.from !== "anyone" && (when.from === "contact") !== isContact) return false;
  return isListed(when.chats, chat) && isListed(when.people, sender);
}

function isListed(
  list: readonly string[] | undefined,
  peer: { readonly id: string; readonly username: string | null },
): boolean {
  if (list === undefined) return true;
  const name = peer.username === null ? null : `@${peer.username.toLowerCase()}`;
  return list.some((entry) => entry === peer.id || entry.toLowerCase() === name);
}
