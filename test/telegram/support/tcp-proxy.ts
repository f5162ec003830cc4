import type { Socket } from "bun";

/** A TCP relay whose both sides can be made to fall silent, as when a cable is cut. */
export interface TcpProxy extends Disposable {
  readonly port: number;
  /** Passes nothing on from now on, and closes nothing. */
  freeze(): void;
}

export function startTcpProxy(targetPort: number): TcpProxy {
  let isFrozen = false;
  const upstreams = new Map<Socket<undefined>, Promise<Socket<undefined>>>();
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(client) {
        const upstream = Bun.connect({
          hostname: "127.0.0.1",
          port: targetPort,
          socket: {
            data: (_, bytes) => {
              if (!isFrozen) client.write(bytes);
            },
            close: () => void client.end(),
          },
        });
        upstreams.set(client, upstream);
      },
      data(client, bytes) {
        if (!isFrozen) void upstreams.get(client)?.then((upstream) => upstream.write(bytes));
      },
      close(client) {
        void upstreams.get(client)?.then((upstream) => upstream.end());
        upstreams.delete(client);
      },
    },
  });
  return {
    port: listener.port,
    freeze: () => {
      isFrozen = true;
    },
    [Symbol.dispose]: () => listener.stop(true),
  };
}
