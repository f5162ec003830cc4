import type { Receipts } from "./counting/tally.ts";

/** What became of the messages of all rounds. */
export interface DeliveryCounts {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly repeated: number;
  readonly misordered: number;
}

export function deliveryOf({
  sent,
  receipts,
}: {
  readonly sent: number;
  readonly receipts: readonly Receipts[];
}): DeliveryCounts {
  const sum = (key: "received" | "repeated" | "misordered") =>
    receipts.reduce((total, round) => total + round[key], 0);
  const received = sum("received");
  return {
    sent,
    received,
    lost: sent - received,
    repeated: sum("repeated"),
    misordered: sum("misordered"),
  };
}
