import type { AutoresponderConfig } from "./config.ts";

/** How long one types a text, in milliseconds: by its length, up to the configured bound. */
export function typingMs(text: string, typing: AutoresponderConfig["typing"]): number {
  if (!typing.enabled) return 0;
  return Math.min((text.length / typing.charactersPerSecond) * 1000, typing.maxSeconds * 1000);
}
