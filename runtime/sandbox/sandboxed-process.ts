import type { FileSink } from "bun";

/** Bounds that end a process when it passes them. */
export type ExceededLimit = "memory" | "processes";

/** How a held process ended. */
export interface SandboxExit {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  /** Such as `SIGKILL`; `null` when it ended by itself. */
  readonly signal: string | null;
  /** The limit for which the watch ended it; `null` for any other end. */
  readonly exceeded: ExceededLimit | null;
}

/** A script that runs held by the kernel. */
export interface SandboxedProcess {
  readonly pid: number;
  readonly stdin: FileSink;
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<SandboxExit>;
  /** What the kernel enforces on it: `landlock:7+seccomp`, or `none`. */
  readonly level: string;
  /** Ends it, and the processes that it made, at once by SIGKILL; nothing happens when it has ended. */
  kill(): void;
}
