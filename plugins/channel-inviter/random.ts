/** Draws numbers from 0 up to, not including, 1. */
export type Random = () => number;

/**
 * A source of numbers that a seed repeats; without one, the platform's.
 *
 * Source: Tommy Ettinger's mulberry32 (public domain).
 */
export function createRandom(seed: number | undefined): Random {
  if (seed === undefined) return Math.random;
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
