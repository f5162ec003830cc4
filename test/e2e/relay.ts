import { connect, createServer, type Server, type Socket } from "node:net";

/** A wire that can be cut and mended between a client and a port of this machine. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** Refuses new connections and ends those that are open. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function startRelay(targetPort: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const open = (port: number): Promise<Server> => {
    const { promise, resolve, reject } = Promise.withResolvers<Server>();
    const server = createServer((near) => {
      const far = connect(targetPort, "127.0.0.1");
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        // The end of one is the end of both; a reset is an end like any other.
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    server.on("error", reject).listen(port, "127.0.0.1", () => resolve(server));
    return promise;
  };
  let server: Server | null = await open(0);
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The relay has no port");
  const { port } = address;
  const cut = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (server === null) return;
    server.close(() => resolve());
    server = null;
    for (const socket of sockets) socket.destroy();
    await promise;
  };
  return {
    port,
    cut,
    async mend() {
      server ??= await open(port);
    },
    [Symbol.asyncDispose]: cut,
  };
}
