/** Why a method has to be named in full: what it reaches that no wildcard should. */
export type SensitiveKind =
  | "session"
  | "account"
  | "membership"
  | "address-book"
  | "money"
  | "public"
  | "bots"
  | "calls"
  | "secret-chats"
  | "destroys"
  | "updates";

/** The first that fits tells the kind; a test holds the whole schema against it. */
const sensitive: readonly (readonly [SensitiveKind, RegExp])[] = [
  ["session", /^auth\./],
  [
    "account",
    /^account\.|^users\.setSecureValueErrors$|^help\.(getPassportConfig|editUserInfo|getUserInfo)$/,
  ],
  ["account", /^help\.(acceptTermsOfService|saveAppLog)$|^photos\.(update|upload|delete)/],
  ["account", /^smsjobs\.|^folders\.|^channels\.(updateUsername|toggleUsername|deactivateAllUsernames)$/],
  ["money", /^(payments|premium|fragment)\.|^stats\.getBroadcastRevenue|^stories\.activateStealthMode$/],
  [
    "money",
    /^messages\.(sendPaidReaction|(toggle|get)PaidReactionPrivacy|setBot(Shipping|Precheckout)Results)$/,
  ],
  ["money", /^channels\.(setBoostsToUnblockRestrictions|restrictSponsoredMessages)$/],
  ["membership", /^channels\.(joinChannel|leaveChannel|createChannel|editCreator)$|^chatlists\./],
  ["membership", /^messages\.(importChatInvite|createChat|deleteChatUser|startBot)$/],
  [
    "address-book",
    /^contacts\.(import|export|add|accept|delete|resetSaved$|getSaved$|getLocated$|resolvePhone$|editCloseFriends$)/,
  ],
  ["public", /^stories\./],
  ["bots", /^bots\.|^messages\.(request(Url|Web|SimpleWeb|AppWeb|MainWeb)|acceptUrlAuth$|prolongWebView$)/],
  [
    "bots",
    /^messages\.(sendWebView|toggleBotInAttachMenu$|sendBotRequestedPeer$|savePreparedInlineMessage$)/,
  ],
  ["calls", /^phone\./],
  [
    "secret-chats",
    /^messages\.(requestEncryption|acceptEncryption|discardEncryption|getDhConfig|receivedQueue)$/,
  ],
  ["secret-chats", /^messages\.(setEncryptedTyping|readEncryptedHistory|sendEncrypted|uploadEncryptedFile)/],
  ["destroys", /^channels\.(delete(Channel|History|ParticipantHistory|TopicHistory)|convertToGigagroup)$/],
  ["destroys", /^messages\.(delete(Chat|History|SavedHistory|PhoneCallHistory)|migrateChat)$/],
  ["destroys", /^messages\.(set(Default)?HistoryTTL|clearAllDrafts|initHistoryImport|startHistoryImport)$/],
  ["updates", /^updates\./],
];

/** What a method does, for the word on why no wildcard covers it. */
export const sensitiveReasons: Readonly<Record<SensitiveKind, string>> = {
  session: "makes, hands over, or ends sessions",
  account: "changes or reveals the account itself",
  membership: "makes the account join, leave, or own something",
  "address-book": "reads or changes the address book",
  money: "moves money or tells of it",
  public: "publishes in the account's name",
  bots: "signs the account in to a bot or site",
  calls: "calls people",
  "secret-chats": "reaches secret chats, which no check sees into",
  destroys: "does what cannot be undone",
  updates: "moves the program's own place in the updates",
};

/** What sets a method apart from those that a wildcard covers; `null` for an ordinary one. */
export function sensitiveKindOf(method: string): SensitiveKind | null {
  return sensitive.find(([, pattern]) => pattern.test(method))?.[0] ?? null;
}

/**
 * Why a method is never granted: it carries another method that no check would see, or takes a text by its number alone
 * to where it can be read, which may be a login code. `null` for any other.
 */
export function unreachableReason(method: string): string | null {
  if (/^(invoke|initConnection$)/i.test(method)) return "it carries another method inside";
  if (method === "messages.forwardMessages") return "telegram.forward does it, and holds login codes back";
  if (method === "messages.translateText") return "it tells any message's text by its number";
  return null;
}
