import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { connect, createServer, type Socket } from "node:net";
import { attemptAll } from "./attempt-all.ts";

/** A port of the loopback address that the host listens on, and the name of an abstract socket that it listens on. */
const [, , port = "", abstractName = ""] = process.argv;

await attemptAll({
  "connect by Bun": () =>
    Bun.connect({ hostname: "127.0.0.1", port: Number(port), socket: { data: () => undefined } }),
  "connect by Node": () => untilConnected(connect(Number(port), "127.0.0.1")),
  fetch: () => fetch(`http://127.0.0.1:${port}/`),
  "open a WebSocket": () => untilOpen(new WebSocket(`ws://127.0.0.1:${port}/`)),
  "look a name up": () => lookup("localhost"),
  "listen on a port": () => untilListening({ port: 0, host: "127.0.0.1" }),
  "listen on a path": () => untilListening({ path: "own.sock" }),
  "connect to a socket without a path": () => untilConnected(connect({ path: `\0${abstractName}` })),
  "open a UDP socket by Bun": () => Bun.udpSocket({}),
  "send a datagram": () => untilSent(),
});

function untilConnected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("error", reject);
  });
}

function untilOpen(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the socket did not open")));
  });
}

function untilListening(address: { readonly port?: number; readonly host?: string; readonly path?: string }) {
  return new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(address, () => resolve());
  });
}

function untilSent(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.send("hello", Number(port), "127.0.0.1", (error) => (error ? reject(error) : resolve()));
  });
}
