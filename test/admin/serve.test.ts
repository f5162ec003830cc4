import { expect, test } from "bun:test";
import { serve } from "../../runtime/admin/serve.ts";

const handle = async () => new Response("here");

test("serve() refuses a port that another of its kind has", async () => {
  await using first = serve({ host: "127.0.0.1", port: 0, handle, idleTimeoutMs: 1_000 });
  const { port = 0 } = first;
  expect(() => serve({ host: "127.0.0.1", port, handle, idleTimeoutMs: 1_000 })).toThrow(
    `Cannot listen on "127.0.0.1:${port}": the port is in use, stop the other program or set another admin.port`,
  );
});
