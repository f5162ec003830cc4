/** A request that a collector would have got. */
export interface Received {
  readonly path: string;
  readonly contentType: string | null;
  readonly authorization: string | null;
  readonly body: string;
}

/** An OTLP receiver on loopback that keeps what it gets. */
export interface OtlpReceiver extends Disposable {
  readonly url: string;
  /** The status of the answers from now on. @default 200 */
  status: number;
  /** The paths of the requests that were not taken yet. */
  paths(): readonly string[];
  /** The next request of a path that was not taken yet. */
  next(path: string): Promise<Received>;
}

export function startOtlpReceiver(): OtlpReceiver {
  const arrived: Received[] = [];
  let wake = Promise.withResolvers<void>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      arrived.push({
        path: new URL(request.url).pathname,
        contentType: request.headers.get("content-type"),
        authorization: request.headers.get("authorization"),
        body: await request.text(),
      });
      wake.resolve();
      wake = Promise.withResolvers();
      return new Response("{}", { status: receiver.status, headers: { "content-type": "application/json" } });
    },
  });
  const receiver: OtlpReceiver = {
    url: server.url.origin,
    status: 200,
    paths: () => arrived.map(({ path }) => path),
    async next(path) {
      for (;;) {
        const index = arrived.findIndex((request) => request.path === path);
        const [found] = index < 0 ? [] : arrived.splice(index, 1);
        if (found !== undefined) return found;
        await wake.promise;
      }
    },
    [Symbol.dispose]: () => void server.stop(true),
  };
  return receiver;
}
