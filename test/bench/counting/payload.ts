/** What a bench message says: its number in the round, and when it was sent. */
export interface Payload {
  readonly index: number;
  readonly sentAtMs: number;
}

const filler = "Are we still on for lunch tomorrow at the usual place?";

export function writePayload({ index, sentAtMs }: Payload): string {
  return `#${index} ${sentAtMs.toFixed(3)} ${filler}`;
}

/** `null` for a message that no bench has sent. */
export function readPayload(text: string): Payload | null {
  const [, index, sentAtMs] = /^#(\d+) (\d+\.\d{3}) /.exec(text) ?? [];
  if (index === undefined || sentAtMs === undefined) return null;
  return { index: Number(index), sentAtMs: Number(sentAtMs) };
}

/** Milliseconds since 1970, to the microsecond: processes of one machine can compare them. */
export function preciseNowMs(): number {
  return performance.timeOrigin + performance.now();
}
