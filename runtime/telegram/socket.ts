import type { Socket } from "bun";
import { TelegraphistError } from "../contract/index.ts";

export interface SocketOptions {
  /** @default 10_000 */
  readonly connectTimeoutMs?: number;
  /** How long a silent connection may be before the kernel asks whether the other side is there. @default 30_000 */
  readonly keepAliveMs?: number;
  /** Asked before every write; when it says no the connection ends, with nothing written. @default yes */
  readonly mayWrite?: () => boolean;
}

/** More than any frame of MTProto (a file part of 1 MiB and its envelope): a length beyond it is not Telegram's. */
const maxReadBytes = 16 * 1024 * 1024;
/** What may wait to be sent; the sliding window of an upload stays far below it. */
const maxUnsentBytes = 64 * 1024 * 1024;

interface Reader {
  readonly sizeBytes: number;
  resolve(bytes: Buffer): void;
  reject(error: TelegraphistError): void;
}

/**
 * A TCP connection in the form that GramJS asks of its `networkSocket`, on Bun's own sockets: bounded time to connect,
 * keep-alive, chunks joined once per read and not once per chunk (defect G19).
 */
export class TelegramSocket {
  readonly #connectTimeoutMs: number;
  readonly #keepAliveMs: number;
  readonly #mayWrite: () => boolean;
  readonly #chunks: Buffer[] = [];
  readonly #unsent: Buffer[] = [];
  #availableBytes = 0;
  #unsentBytes = 0;
  #socket: Socket<undefined> | null = null;
  #reader: Reader | null = null;
  #closed: TelegraphistError | null = null;

  constructor(options: SocketOptions = {}) {
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
    this.#keepAliveMs = options.keepAliveMs ?? 30_000;
    this.#mayWrite = options.mayWrite ?? (() => true);
  }

  /** @throws {TelegraphistError} `SOCKET_CONNECT_FAILED`, `SOCKET_CONNECT_TIMEOUT`, `SOCKET_CLOSED` */
  async connect(port: number, host: string): Promise<void> {
    const attempt = Bun.connect({
      hostname: host,
      port,
      socket: {
        data: (_, chunk) => this.#receive(chunk),
        drain: () => this.#flush(),
        close: () => this.#fail(socketClosed("the other side ended it")),
        error: (_, error) => this.#fail(socketClosed(error.message)),
      },
    });
    // Whoever loses the race below still has to be closed, and must not be an unhandled rejection.
    attempt.then((late) => this.#closed !== null && late.terminate()).catch(() => undefined);
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => timeout.reject(connectFailure("SOCKET_CONNECT_TIMEOUT", host, port, "no answer in time")),
      this.#connectTimeoutMs,
    );
    try {
      const socket = await Promise.race([attempt, timeout.promise]);
      if (this.#closed !== null) throw this.#closed;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, this.#keepAliveMs);
      this.#socket = socket;
    } catch (error) {
      const failure =
        error instanceof TelegraphistError
          ? error
          : connectFailure("SOCKET_CONNECT_FAILED", host, port, error instanceof Error ? error.message : "");
      this.#fail(failure);
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Resolves with exactly so many bytes. One read at a time, as a stream has one reader.
   *
   * @throws {TelegraphistError} `SOCKET_CLOSED` when the connection ends first
   */
  readExactly(sizeBytes: number): Promise<Buffer> {
    if (sizeBytes < 0 || sizeBytes > maxReadBytes) {
      this.#fail(socketClosed(`a frame of ${sizeBytes} bytes is not Telegram's`));
    }
    if (this.#closed !== null) return Promise.reject(this.#closed);
    if (this.#reader !== null) return Promise.reject(socketClosed("it has a reader already"));
    if (this.#availableBytes >= sizeBytes) return Promise.resolve(this.#take(sizeBytes));
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#reader = { sizeBytes, resolve, reject };
    return promise;
  }

  /** Sends the bytes; what the kernel does not take at once goes when it can. @throws {TelegraphistError} `SOCKET_CLOSED` */
  write(data: Buffer): void {
    if (this.#closed !== null || this.#socket === null) throw this.#closed ?? socketClosed("not connected");
    if (this.#unsentBytes + data.length > maxUnsentBytes) {
      const failure = socketClosed("more is waiting to be sent than the connection takes");
      this.#fail(failure);
      throw failure;
    }
    this.#unsent.push(data);
    this.#unsentBytes += data.length;
    this.#flush();
  }

  /** Why it can no longer be used; `null` while it can. */
  get failure(): TelegraphistError | null {
    return this.#closed;
  }

  /** Ends the connection at once; a second call does nothing. */
  close(): void {
    this.#fail(socketClosed("closed by this side"));
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#availableBytes += chunk.length;
    const reader = this.#reader;
    if (reader === null || this.#availableBytes < reader.sizeBytes) return;
    this.#reader = null;
    reader.resolve(this.#take(reader.sizeBytes));
  }

  #take(sizeBytes: number): Buffer {
    this.#availableBytes -= sizeBytes;
    const first = this.#chunks[0];
    if (first !== undefined && first.length > sizeBytes) {
      this.#chunks[0] = first.subarray(sizeBytes);
      return first.subarray(0, sizeBytes);
    }
    const parts: Buffer[] = [];
    let missingBytes = sizeBytes;
    let used = 0;
    while (missingBytes > 0) {
      const chunk = this.#chunks[used];
      if (chunk === undefined) break;
      if (chunk.length > missingBytes) {
        parts.push(chunk.subarray(0, missingBytes));
        this.#chunks[used] = chunk.subarray(missingBytes);
        break;
      }
      parts.push(chunk);
      missingBytes -= chunk.length;
      used += 1;
    }
    this.#chunks.splice(0, used);
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, sizeBytes);
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket === null) return;
    if (!this.#mayWrite()) {
      this.#fail(socketClosed("its session may be another program's by now"));
      return;
    }
    while (this.#unsent.length > 0) {
      const next = this.#unsent[0];
      if (next === undefined) return;
      const takenBytes = Math.max(0, socket.write(next));
      this.#unsentBytes -= takenBytes;
      if (takenBytes < next.length) {
        this.#unsent[0] = next.subarray(takenBytes);
        return;
      }
      this.#unsent.shift();
    }
  }

  #fail(error: TelegraphistError): void {
    if (this.#closed !== null) return;
    this.#closed = error;
    this.#socket?.terminate();
    this.#socket = null;
    this.#chunks.length = 0;
    this.#unsent.length = 0;
    this.#reader?.reject(error);
    this.#reader = null;
  }
}

function socketClosed(reason: string): TelegraphistError {
  return new TelegraphistError({
    code: "SOCKET_CLOSED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot use the connection to Telegram: ${reason}`,
  });
}

function connectFailure(code: string, host: string, port: number, reason: string): TelegraphistError {
  return new TelegraphistError({
    code,
    category: "NETWORK",
    retryable: true,
    message: `Cannot connect to Telegram at ${host}:${port}: ${reason}`,
    data: { host, port },
  });
}
