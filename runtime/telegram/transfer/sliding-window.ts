export interface SlidingWindowOptions {
  /** How many pieces of work there are. */
  readonly count: number;
  /** How many run at once, and how many results wait at most. */
  readonly width: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs numbered work, several at once, and yields the results in order. A slow piece holds the later results back, so
 * memory never holds more than `width` of them. When one fails, or the caller leaves, the rest is aborted and waited for.
 */
export async function* slidingWindow<T>(
  options: SlidingWindowOptions,
  run: (index: number, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<T, void, void> {
  const { count, width, signal } = options;
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const failed = Promise.withResolvers<never>();
  // What fails is thrown by the race below; this keeps it from being reported as unhandled when the caller left before.
  failed.promise.catch(() => undefined);
  const inFlight: Promise<T>[] = [];
  let next = 0;
  try {
    while (next < count || inFlight.length > 0) {
      while (next < count && inFlight.length < width) {
        const work = run(next, either);
        work.catch(failed.reject);
        inFlight.push(work);
        next += 1;
      }
      const [first] = inFlight;
      if (first === undefined) return;
      const result = await Promise.race([first, failed.promise]);
      inFlight.shift();
      yield result;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(inFlight);
  }
}
