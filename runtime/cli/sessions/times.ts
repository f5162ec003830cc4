const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** How long something is past, in the largest unit that fits: `3 days ago`. */
export function ago(atMs: number, nowMs: number): string {
  const pastMs = Math.max(0, nowMs - atMs);
  const unit = units.find(([, sizeMs]) => pastMs >= sizeMs);
  if (unit === undefined) return "just now";
  const count = Math.floor(pastMs / unit[1]);
  return `${count} ${unit[0]}${count === 1 ? "" : "s"} ago`;
}

/** A time as a person and a script can read it. */
export function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
