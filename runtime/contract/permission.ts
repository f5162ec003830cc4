/**
 * What a plugin may do with the account. `raw:<method>` names one method of the TL schema, such as
 * `raw:messages.getStickers`; nothing else grants `telegram.invoke`.
 */
export type TelegramScope =
  | "messages:read"
  | "messages:send"
  | "messages:edit"
  | "messages:delete"
  | "messages:react"
  | "chats:read"
  | "chats:mark-read"
  | "members:read"
  | "members:invite"
  | "invites:manage"
  | "contacts:read"
  | "media:download"
  | "media:upload"
  | `raw:${string}`;

/** The scopes that are not raw methods, in the order in which help texts list them. */
export const telegramScopes = [
  "messages:read",
  "messages:send",
  "messages:edit",
  "messages:delete",
  "messages:react",
  "chats:read",
  "chats:mark-read",
  "members:read",
  "members:invite",
  "invites:manage",
  "contacts:read",
  "media:download",
  "media:upload",
] as const satisfies readonly TelegramScope[];

/**
 * A set of permissions: what a manifest requests, and what a YAML entry allows or denies. A missing key is nothing.
 *
 * - `telegram`: scopes.
 * - `chats`: the chats it sees and acts in: marked ids, `@usernames`, chat kinds, or `*`.
 * - `net`: hosts, `example.com`, `*.example.com`, `example.com:8443`, or `*`; after methods, as in `GET,HEAD example.com`,
 *   for those alone.
 * - `read`, `write`: folders or files; a folder covers what is in it. Relative to the configuration file.
 * - `env`: names of environment variables. `run`: programs. `sys`: facts about the machine.
 */
export interface PermissionSet {
  readonly telegram?: readonly TelegramScope[];
  readonly chats?: readonly string[];
  readonly net?: readonly string[];
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly env?: readonly string[];
  readonly run?: readonly string[];
  readonly sys?: readonly string[];
}

export type PermissionName = keyof PermissionSet;

/** The names, in the order in which help texts list them. */
export const permissionNames = [
  "telegram",
  "chats",
  "net",
  "read",
  "write",
  "env",
  "run",
  "sys",
] as const satisfies readonly PermissionName[];
