/** Telegram's seconds as milliseconds since 1970; this is the edge where they turn. */
export function msOfSeconds(seconds: number): number {
  return seconds * 1000;
}

/** Milliseconds since 1970 as Telegram's whole seconds. */
export function secondsOfMs(ms: number): number {
  return Math.floor(ms / 1000);
}
