import { afterEach, describe, expect, test } from "bun:test";
import type { Socket, TCPSocketListener } from "bun";
import { hasCode } from "../../../runtime/contract/index.ts";
import { TelegramSocket } from "../../../runtime/telegram/socket.ts";

let listener: TCPSocketListener<undefined> | null = null;

afterEach(() => listener?.stop(true));

/** Listens, and resolves with the server's side of the first connection. */
function listen(onData: (bytes: Buffer) => void = () => undefined) {
  const accepted = Promise.withResolvers<Socket<undefined>>();
  listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: (socket) => accepted.resolve(socket), data: (_, bytes) => onData(bytes) },
  });
  return { port: listener.port, accepted: accepted.promise };
}

async function connected(onData?: (bytes: Buffer) => void) {
  const { port, accepted } = listen(onData);
  const socket = new TelegramSocket();
  await socket.connect(port, "127.0.0.1");
  return { socket, server: await accepted };
}

const codeOf = (code: string) => (error: unknown) => expect(hasCode(error, code)).toBe(true);

describe("TelegramSocket.readExactly()", () => {
  test("joins chunks and splits them where they were asked for", async () => {
    const { socket, server } = await connected();
    const first = socket.readExactly(6);
    server.write("abcd");
    server.flush();
    server.write("efgh");
    expect((await first).toString()).toBe("abcdef");
    expect((await socket.readExactly(2)).toString()).toBe("gh");
    socket.close();
  });

  test("gives every byte once, whatever the sizes", async () => {
    const { socket, server } = await connected();
    const sent = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000)));
    server.write(sent);
    const parts: Buffer[] = [];
    for (let sizeBytes = 1, leftBytes = sent.length; leftBytes > 0; sizeBytes = (sizeBytes * 7) % 4099) {
      const take = Math.min(sizeBytes, leftBytes);
      parts.push(await socket.readExactly(take));
      leftBytes -= take;
    }
    expect(Buffer.concat(parts).equals(sent)).toBe(true);
    socket.close();
  });

  test("rejects when the other side ends the connection", async () => {
    const { socket, server } = await connected();
    const read = socket.readExactly(4);
    server.end();
    await read.then(() => expect.unreachable(), codeOf("SOCKET_CLOSED"));
    expect(socket.failure?.code).toBe("SOCKET_CLOSED");
  });

  test("refuses a length that no frame of Telegram's has", async () => {
    const { socket } = await connected();
    await socket.readExactly(2 ** 30).then(() => expect.unreachable(), codeOf("SOCKET_CLOSED"));
  });
});

describe("TelegramSocket.write()", () => {
  test("sends what the kernel did not take at once later, in order", async () => {
    const sent = Buffer.alloc(8 * 1024 * 1024, "telegraphist");
    const hash = new Bun.CryptoHasher("sha256");
    const done = Promise.withResolvers<void>();
    let receivedBytes = 0;
    const { socket } = await connected((bytes) => {
      hash.update(bytes);
      receivedBytes += bytes.length;
      if (receivedBytes === sent.length) done.resolve();
    });
    for (let offset = 0; offset < sent.length; offset += 512 * 1024) {
      socket.write(sent.subarray(offset, offset + 512 * 1024));
    }
    await done.promise;
    expect(hash.digest("hex")).toBe(new Bun.CryptoHasher("sha256").update(sent).digest("hex"));
    socket.close();
  });

  test("refuses more than it may hold", async () => {
    const { socket, server } = await connected();
    server.pause();
    expect(() => {
      for (let part = 0; part < 200; part += 1) socket.write(Buffer.alloc(1024 * 1024));
    }).toThrow("more is waiting to be sent");
  });

  test("ends the connection, and sends nothing, when it may not write any more", async () => {
    const received: string[] = [];
    const arrived = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    listener = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data: (_, bytes) => {
          received.push(bytes.toString());
          arrived.resolve();
        },
        close: () => ended.resolve(),
      },
    });
    let may = true;
    const socket = new TelegramSocket({ mayWrite: () => may });
    await socket.connect(listener.port, "127.0.0.1");
    socket.write(Buffer.from("mine"));
    await arrived.promise;
    may = false;
    const read = socket.readExactly(1);
    socket.write(Buffer.from("another's"));
    await read.then(() => expect.unreachable(), codeOf("SOCKET_CLOSED"));
    expect(socket.failure?.message).toContain("its session may be another program's by now");
    await ended.promise;
    expect(received).toEqual(["mine"]);
  });

  test("throws after close()", async () => {
    const { socket } = await connected();
    socket.close();
    expect(() => socket.write(Buffer.from("a"))).toThrow("closed by this side");
  });
});

describe("TelegramSocket.connect()", () => {
  test("throws when nobody listens", async () => {
    const { port } = listen();
    listener?.stop(true);
    await new TelegramSocket()
      .connect(port, "127.0.0.1")
      .then(() => expect.unreachable(), codeOf("SOCKET_CONNECT_FAILED"));
  });

  test("throws when the time to connect is over", async () => {
    // A documentation address (RFC 5737), where nobody answers; refused at once where there is no network.
    await new TelegramSocket({ connectTimeoutMs: 1 }).connect(4430, "192.0.2.1").then(
      () => expect.unreachable(),
      (error) => expect(hasCode(error, "SOCKET_CONNECT_TIMEOUT", "SOCKET_CONNECT_FAILED")).toBe(true),
    );
  });
});
