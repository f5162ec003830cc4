import type { SaidLine } from "./said-line.ts";

/** Where a plugin runs while it is worked on. */
export interface DevTarget extends AsyncDisposable {
  /** Starts the plugin, or starts it anew from its files; says why where it cannot, and never rejects for that. */
  start(): Promise<void>;
  /** Has someone write. */
  say(line: Extract<SaidLine, { readonly kind: "say" }>): Promise<void>;
  /** Resolves when the plugin is done with what has happened. */
  quiet(): Promise<void>;
}
