/** The program's log as a test reads it. */
export class LogWatch {
  readonly #lines: Record<string, unknown>[] = [];
  readonly #listeners = new Set<() => void>();

  readonly write = (line: string): void => {
    this.#lines.push(JSON.parse(line));
    for (const listener of this.#listeners) listener();
  };

  /** The first line with these fields, as soon as it is there. @throws {Error} when there is none in 20 s */
  seen(fields: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const look = () => {
      const line = this.#lines.find((each) =>
        Object.entries(fields).every(([key, value]) => each[key] === value),
      );
      if (line !== undefined) resolve(line);
    };
    const timer = setTimeout(() => reject(new Error(`No line has ${JSON.stringify(fields)}`)), 20_000);
    this.#listeners.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(look);
    });
  }
}
