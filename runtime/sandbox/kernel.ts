import { dlopen, FFIType, type Library, ptr, read } from "bun:ffi";
import { type Architecture, ownArchitecture } from "./architecture.ts";
import type { Numbers } from "./system-calls.ts";

/** Bytes that the kernel reads or fills stand for their address. */
export type CallArgument = number | bigint | Uint8Array | BigUint64Array;

const symbols = {
  syscall: { args: Array<FFIType>(7).fill(FFIType.i64), returns: FFIType.i64_fast },
  __errno_location: { args: [], returns: FFIType.ptr },
} as const;

/** The system calls of this process, through its C library. */
export class Kernel implements Disposable {
  /** The processor, by which a call has its number. */
  readonly architecture: Architecture;
  readonly #libc: Library<typeof symbols>;

  private constructor(architecture: Architecture, libc: Library<typeof symbols>) {
    this.architecture = architecture;
    this.#libc = libc;
  }

  /** `null` when there is no C library of Linux to call through, or the processor's numbers are not known. */
  static open(): Kernel | null {
    const architecture = ownArchitecture();
    if (architecture === null) return null;
    const musl = `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`;
    for (const name of ["libc.so.6", musl]) {
      try {
        return new Kernel(architecture, dlopen(name, symbols));
      } catch {
        // glibc's name is not there on musl, and the other way round; with neither nothing can be asked.
      }
    }
    return null;
  }

  /** What the call answers, 0 and up, or the negative number of its error, as `-13` for EACCES. */
  call(numbers: Numbers, ...values: readonly CallArgument[]): number {
    const number = numbers[this.architecture.column];
    if (number === null) return -noSuchCall;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = values.map(toWord);
    const answer = Number(this.#libc.symbols.syscall(number, a, b, c, d, e, f));
    return answer < 0 ? -this.#lastError() : answer;
  }

  #lastError(): number {
    const location = this.#libc.symbols.__errno_location();
    return location === null ? noSuchCall : read.i32(location);
  }

  [Symbol.dispose](): void {
    this.#libc.close();
  }
}

/** `ENOSYS` of asm-generic/errno.h. */
const noSuchCall = 38;

function toWord(value: CallArgument): number | bigint {
  return typeof value === "number" || typeof value === "bigint" ? value : ptr(value);
}
