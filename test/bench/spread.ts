/** How far the rounds of a bench lie apart. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const at = quantiles(values);
  return { min: at(0), median: at(0.5), max: at(1) };
}

export function percentilesOf(values: readonly number[]): Percentiles {
  const at = quantiles(values);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** By nearest rank; of no values everything is NaN. */
function quantiles(values: readonly number[]): (share: number) => number {
  const sorted = values.toSorted((a, b) => a - b);
  return (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
