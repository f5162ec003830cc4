import type { App } from "../app/index.ts";
import type { EventMap, EventName } from "../contract/index.ts";

/**
 * The next event of that name that the predicate takes.
 *
 * @param failure what the error says when there is none in that time
 */
export function nextEvent<Name extends EventName>(
  { bus }: Pick<App, "bus">,
  name: Name,
  predicate: (event: EventMap[Name]) => boolean,
  { timeoutMs, failure }: { readonly timeoutMs: number; readonly failure: string },
): Promise<EventMap[Name]> {
  const { promise, resolve, reject } = Promise.withResolvers<EventMap[Name]>();
  const timer = setTimeout(() => reject(new Error(failure)), timeoutMs);
  const dispose = bus.subscribe(
    name,
    undefined,
    (event) => {
      if (predicate(event)) resolve(event);
    },
    { owner: `testbed:${crypto.randomUUID()}` },
  );
  return promise.finally(() => {
    clearTimeout(timer);
    return dispose();
  });
}
