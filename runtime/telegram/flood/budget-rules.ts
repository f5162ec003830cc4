import type { Allowance } from "./call-budget.ts";

/** What a group of methods may spend together. */
export interface BudgetRule extends Allowance {
  /** The methods' common name; a method that shares its budget with none has its own. */
  readonly name: string;
  /** What may go to one chat. */
  readonly perChat?: Allowance;
}

interface Group extends BudgetRule {
  readonly methods: RegExp;
}

/**
 * Telegram publishes no limits for accounts of people, and changes those that it has. These numbers are what is known
 * of others, kept on the side of use: they are to keep a defect or a hasty plugin from a flood wait, and what they get
 * wrong is learned from the waits that come.
 */
const groups: readonly Group[] = [
  {
    // Bots may send 30 a second, and one a second to a chat with short bursts: core.telegram.org/bots/faq.
    name: "messages.send",
    methods: /^messages\.(send(Message|Media|MultiMedia|InlineBotResult)|forwardMessages)$/,
    burst: 100,
    intervalMs: 33,
    perChat: { burst: 30, intervalMs: 500 },
  },
  {
    // Telethon rests a second between pages when it has more than 30 to fetch: `_MessagesIter` in client/messages.py.
    name: "messages.page",
    methods: /^messages\.(getHistory|search|searchGlobal|getReplies)$/,
    burst: 30,
    intervalMs: 1_000,
  },
  {
    name: "members.page",
    methods: /^(channels\.getParticipants|messages\.getChatInviteImporters)$/,
    burst: 30,
    intervalMs: 1_000,
  },
  {
    // More than 160 names in seconds ended in a wait of 15 hours: pypi.org/project/telethon-floodgate.
    name: "contacts.resolve",
    methods: /^contacts\.(resolveUsername|resolvePhone|search|importContacts)$/,
    burst: 30,
    intervalMs: 10_000,
  },
  {
    // So did going through all dialogs again and again: same source. A start goes through them once.
    name: "messages.getDialogs",
    methods: /^messages\.getDialogs$/,
    burst: 40,
    intervalMs: 10_000,
  },
  {
    // Some 50 additions end in PEER_FLOOD; a campaign's own pace is far below this.
    name: "members.invite",
    methods: /^(channels\.inviteToChannel|messages\.addChatUser|messages\.createChat)$/,
    burst: 30,
    intervalMs: 60_000,
  },
  // Telegram bounds files by bytes, and tells so by FLOOD_PREMIUM_WAIT; requests are bounded by what is in flight.
  { name: "files", methods: /^upload\./, burst: 10_000, intervalMs: 1 },
  {
    name: "chats.join",
    methods: /^(channels\.joinChannel|messages\.importChatInvite)$/,
    burst: 10,
    intervalMs: 60_000,
  },
];

/** Of a method about which nothing is known. */
const unknown: Allowance = { burst: 1_000, intervalMs: 10 };

const rules = new Map<string, BudgetRule>();

/** The budget that a method draws from. */
export function budgetRuleOf(method: string): BudgetRule {
  const known = rules.get(method);
  if (known !== undefined) return known;
  const rule = groups.find(({ methods }) => methods.test(method)) ?? { ...unknown, name: method };
  rules.set(method, rule);
  return rule;
}
