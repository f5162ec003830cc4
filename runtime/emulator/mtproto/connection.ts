import type { Socket } from "bun";
import type { BrokenFrame } from "../methods/wire-port.ts";
import { Transport } from "../transport/transport.ts";
import type { Handshake } from "./handshake.ts";
import type { PacketSink, Session } from "./session.ts";

/** A client that reads this much too slowly is cut off. */
const maxBacklogBytes = 64 * 1024 * 1024;

/** The longest that a timer takes. */
const maxDelayMs = 2 ** 31 - 1;

/** How often a slowed connection is written to. */
const paceMs = 20;

/** One socket of a data centre: packets in, packets out, with what the kernel does not take kept until it does. */
export class Connection implements PacketSink {
  readonly dcId: number;
  readonly sinceMs: number;
  readonly handshake: Handshake;
  readonly #socket: Socket<Connection>;
  readonly #transport = new Transport();
  /** The session that spoke last. */
  session: Session | null = null;
  /** Until its first packet. */
  isNew = true;
  #backlog: Uint8Array[] = [];
  #backlogBytes = 0;
  #isOpen = true;
  #deadline: Timer | null = null;
  #isSilent = false;
  #nextFrame: BrokenFrame | null = null;
  #pacer: Timer | null = null;

  constructor(socket: Socket<Connection>, dcId: number, sinceMs: number, handshake: Handshake) {
    this.#socket = socket;
    this.dcId = dcId;
    this.sinceMs = sinceMs;
    this.handshake = handshake;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get transport(): string {
    return this.#transport.name;
  }

  /** Of the data centre's address that the client came to. */
  get port(): number {
    return this.#socket.localPort;
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress;
  }

  /** @throws {FramingError} when the stream is broken */
  receive(chunk: Buffer): Uint8Array[] {
    return this.#isSilent ? [] : this.#transport.receive(chunk);
  }

  send(packet: Uint8Array): void {
    if (!this.#isOpen || this.#isSilent) return;
    const frame = this.#transport.frame(packet);
    if (this.#nextFrame !== null) {
      this.#sendBroken(frame, this.#nextFrame);
      return;
    }
    const mustWait = this.#backlogBytes > 0 || this.#pacer !== null;
    const written = mustWait ? 0 : Math.max(0, this.#socket.write(frame));
    if (written === frame.length) return;
    this.#backlog.push(frame.subarray(written));
    this.#backlogBytes += frame.length - written;
    if (this.#backlogBytes > maxBacklogBytes) this.close();
  }

  /** The kernel takes bytes again. */
  drain(): void {
    if (this.#pacer === null) this.#writeBacklog(Number.POSITIVE_INFINITY);
  }

  /** Reads and writes nothing from now on, and closes nothing. */
  silence(): void {
    this.#isSilent = true;
  }

  /** Writes so many bytes a second at most from now on. */
  slowTo(bytesPerSecond: number): void {
    if (this.#pacer !== null) clearInterval(this.#pacer);
    const bytes = Math.ceil((bytesPerSecond * paceMs) / 1000);
    this.#pacer = setInterval(() => this.#writeBacklog(bytes), paceMs);
    this.#pacer.unref();
  }

  /** The next frame is cut in its middle and the socket closed, or has a bit turned there. */
  breakNextFrame(how: BrokenFrame): void {
    this.#nextFrame = how;
  }

  #sendBroken(frame: Uint8Array, how: BrokenFrame): void {
    this.#nextFrame = null;
    const middle = frame.length >> 1;
    if (how === "cut") {
      this.#socket.write(frame.subarray(0, middle));
      this.#isOpen = false;
      this.#socket.end();
      return;
    }
    const turned = Uint8Array.from(frame);
    turned[middle] = (turned[middle] ?? 0) ^ 1;
    this.#backlog.push(turned);
    this.#backlogBytes += turned.length;
    this.drain();
  }

  #writeBacklog(mostBytes: number): void {
    let left = mostBytes;
    while (this.#isOpen && !this.#isSilent && left > 0) {
      const [frame] = this.#backlog;
      if (frame === undefined) return;
      const written = Math.max(0, this.#socket.write(frame.subarray(0, left)));
      this.#backlogBytes -= written;
      left -= written;
      if (written === frame.length) this.#backlog.shift();
      else {
        this.#backlog[0] = frame.subarray(written);
        if (written === 0) return;
      }
    }
  }

  /** Tells the client what is wrong in the transport's own words and closes. -404: unknown key; -429: too many connections. */
  refuse(code: -404 | -429): void {
    const packet = Buffer.alloc(4);
    packet.writeInt32LE(code);
    this.send(packet);
    this.#isOpen = false;
    this.#socket.end();
  }

  /** Closes unless called again within the time, as `ping_delay_disconnect` asks. */
  closeAfter(delayMs: number): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.close(), Math.min(Math.max(delayMs, 0), maxDelayMs));
    this.#deadline.unref();
  }

  /** Cuts the connection at once. */
  close(): void {
    this.#isOpen = false;
    this.#socket.terminate();
  }

  /** The socket is closed, by whichever side. */
  closed(): void {
    this.#isOpen = false;
    this.#backlog = [];
    this.#backlogBytes = 0;
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    if (this.#pacer !== null) clearInterval(this.#pacer);
  }
}
