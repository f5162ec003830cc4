/** Tells when a person or a supervisor wants the program to end. */
export interface StopSignal extends Disposable {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Resolves once it is aborted. */
  readonly stopped: Promise<void>;
}

/**
 * Watches SIGINT and SIGTERM. The first asks for an orderly stop; a second one, and the deadline, end the process at
 * once, so that a hanging stop can always be left.
 *
 * @param options.onForced called right before the process is ended by force
 * @param options.deadlineMs time for the orderly stop. @default 10_000
 */
export function watchStopSignals(options: {
  readonly onForced: (reason: string) => void;
  readonly deadlineMs?: number;
}): StopSignal {
  const { onForced, deadlineMs = 10_000 } = options;
  const controller = new AbortController();
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const force = (reason: string): never => {
    onForced(reason);
    process.exit(130);
  };
  const listener = (): void => {
    if (controller.signal.aborted) force("a second signal came");
    controller.abort();
    resolve();
    timer = setTimeout(() => force(`it took longer than ${deadlineMs / 1000} s`), deadlineMs);
    timer.unref();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return {
    signal: controller.signal,
    stopped,
    [Symbol.dispose]() {
      clearTimeout(timer);
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    },
  };
}
