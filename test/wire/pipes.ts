import {
  type ByteSink,
  Connection,
  type ConnectionOptions,
  encodeFrame,
  guestFrameBounds,
  hostFrameBounds,
} from "../../runtime/wire/index.ts";

/** One direction of a pair of pipes, in memory. */
export function pipe(): {
  readonly readable: ReadableStream<Uint8Array>;
  readonly sink: ByteSink & { end(): void };
} {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const pending: Promise<void>[] = [];
  const sink = {
    write: (bytes: Uint8Array) => void pending.push(writer.write(bytes)),
    flush: () => Promise.all(pending.splice(0)),
    end: () => void writer.close(),
  };
  return { readable, sink };
}

type Side = Partial<Pick<ConnectionOptions, "serve" | "onTold" | "maxCalls" | "maxHeldBytes">>;

/** Two connections with pipes between them; `raw` writes whatever it likes into the first. */
export function connect(first: Side = {}, second: Side = {}) {
  const toSecond = pipe();
  const toFirst = pipe();
  const common = { serve: () => ({}), onTold: () => {}, maxCalls: 4 };
  const host = new Connection({
    ...{ ...common, ...first, input: toFirst.readable, output: toSecond.sink },
    ...{ accepts: guestFrameBounds, sends: hostFrameBounds },
  });
  const guest = new Connection({
    ...{ ...common, ...second, input: toSecond.readable, output: toFirst.sink },
    ...{ accepts: hostFrameBounds, sends: guestFrameBounds },
  });
  return { host, guest, end: () => toFirst.sink.end() };
}

/** A connection whose other side is the test. */
export function connectRaw(side: Side = {}) {
  const toHost = pipe();
  const fromHost = pipe();
  const host = new Connection({
    ...{
      serve: () => ({}),
      onTold: () => {},
      maxCalls: 4,
      ...side,
      input: toHost.readable,
      output: fromHost.sink,
    },
    ...{ accepts: guestFrameBounds, sends: hostFrameBounds },
  });
  // What the host sends is of no matter here; nobody reading it would hold it up.
  void Array.fromAsync(fromHost.readable);
  const say = (message: object): void => void toHost.sink.write(encodeFrame(message));
  return { host, say, sayBytes: (bytes: Uint8Array) => void toHost.sink.write(bytes) };
}
