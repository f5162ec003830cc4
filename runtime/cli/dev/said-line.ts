/** What a person at the terminal wants done. */
export type SaidLine =
  | { readonly kind: "say"; readonly who: string; readonly where: string | null; readonly text: string }
  | { readonly kind: "reload" | "quit" | "help" | "nothing" }
  | { readonly kind: "unclear" };

const words: Readonly<Record<string, SaidLine["kind"] & ("reload" | "quit" | "help" | "nothing")>> = {
  "": "nothing",
  help: "help",
  "?": "help",
  reload: "reload",
  quit: "quit",
  exit: "quit",
};

/** Reads `ada: Hi`, `ada in club: Hi`, or a word; names in lower case. */
export function readLine(line: string): SaidLine {
  const trimmed = line.trim();
  const kind = words[trimmed.toLowerCase()];
  if (kind !== undefined) return { kind };
  const said = /^(\w+)(?:\s+(?:in|to)\s+(\w+))?\s*:\s*(.+)$/s.exec(trimmed);
  if (said === null) return { kind: "unclear" };
  const [, who = "", where, text = ""] = said;
  return { kind: "say", who: who.toLowerCase(), where: where?.toLowerCase() ?? null, text };
}
