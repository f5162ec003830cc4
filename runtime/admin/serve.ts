import { hasCode, TelegraphistError } from "../contract/index.ts";
import { maxBodyBytes } from "./gate.ts";

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly handle: (request: Request) => Promise<Response>;
  readonly idleTimeoutMs: number;
}

/**
 * Opens the port.
 *
 * @throws {TelegraphistError} `ADMIN_PORT_IN_USE`, or `ADMIN_CANNOT_LISTEN` for any other reason
 */
export function serve({ host, port, handle, idleTimeoutMs }: ServeOptions): Bun.Server<undefined> {
  try {
    return Bun.serve({
      hostname: host,
      port,
      fetch: handle,
      // Bun's page for developers shows the source to whoever causes an error.
      development: false,
      // Without it Bun shares the port with another program of the same user, and each gets some of the requests.
      reusePort: false,
      maxRequestBodySize: maxBodyBytes,
      // Bun counts in seconds, and to 255 at most.
      idleTimeout: Math.min(Math.ceil(idleTimeoutMs / 1000), 255),
    });
  } catch (error) {
    const inUse = hasCode(error, "EADDRINUSE");
    const reason = error instanceof Error ? error.message : String(error);
    const state = inUse ? "the port is in use, stop the other program or set another admin.port" : reason;
    throw new TelegraphistError({
      code: inUse ? "ADMIN_PORT_IN_USE" : "ADMIN_CANNOT_LISTEN",
      category: "CONFIG",
      message: `Cannot listen on "${host}:${port}": ${state}`,
      data: { host, port },
      cause: error,
    });
  }
}
