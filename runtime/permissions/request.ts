import type { Chat, PermissionName, PermissionSet, TelegramScope } from "../contract/index.ts";

/** What grants are matched against; any `Chat` fits. */
export type ChatIdentity = Pick<Chat, "id" | "kind" | "username">;

/** One thing that a plugin is about to do. */
export type PermissionRequest =
  | { readonly permission: "telegram"; readonly scope: TelegramScope }
  | { readonly permission: "chats"; readonly chat: ChatIdentity }
  | {
      readonly permission: "net";
      /** As in a URL: lower case, an IPv6 address in brackets. */
      readonly host: string;
      readonly port: number;
      /** In capitals; without it, whichever. */
      readonly method?: string;
    }
  | {
      readonly permission: "read" | "write";
      /** Absolute, with symbolic links followed: links are the caller's business, since this room touches no disk. */
      readonly path: string;
    }
  | { readonly permission: "env" | "run" | "sys"; readonly name: string };

/** What decides. Paths in them MUST be absolute, or `*`. */
export interface Grants {
  /** What the plugin's manifest asks for. */
  readonly requested: PermissionSet;
  /** What the YAML entry allows. */
  readonly allow: PermissionSet;
  /** What the YAML entry denies; it beats `allow`. */
  readonly deny: PermissionSet;
  /** Files that no entry opens, `*` included. @default none */
  readonly secretPaths?: readonly string[];
}

export type DenialReason = "not-requested" | "not-allowed" | "denied";

export type Verdict =
  | { readonly verdict: "granted" }
  | {
      readonly verdict: "denied";
      readonly permission: PermissionName;
      /** What would have to be listed. */
      readonly value: string;
      readonly reason: DenialReason;
      /** What to change, and where. */
      readonly fix: string;
    };
