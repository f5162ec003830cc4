import { describe, expect, test } from "bun:test";
import { type Architecture, aarch64, x86_64 } from "../../runtime/sandbox/architecture.ts";
import { guestRules, startedRules } from "../../runtime/sandbox/guest-rules.ts";
import { seccompFilter } from "../../runtime/sandbox/seccomp-filter.ts";
import {
  files,
  identity,
  type Numbers,
  signals,
  streams,
  subprocesses,
  threads,
} from "../../runtime/sandbox/system-calls.ts";

const pid = 4242;
const allow = 0x7fff_0000;
const kill = 0x8000_0000;
const notPermitted = 0x0005_0001;
const noSuchCall = 0x0005_0026;

interface GuestOptions {
  readonly allowSubprocesses?: boolean;
  readonly landlockAbi?: number;
}

for (const [name, architecture] of Object.entries({ x86_64, aarch64 })) {
  describe(`seccompFilter() of a guest on ${name}`, () => {
    const filter = (options: GuestOptions = {}) => {
      const { allowSubprocesses = false, landlockAbi = 7 } = options;
      const rules = guestRules({ architecture, pid, allowSubprocesses, landlockAbi });
      return seccompFilter({ architecture, rules, otherwise: "refuse" });
    };
    const verdict = (numbers: Numbers, args: readonly number[] = [], options: GuestOptions = {}) =>
      run(filter(options), { architecture, call: numbers[architecture.column] ?? -1, args });

    test("allows what everyday work needs", () => {
      for (const numbers of [files.read, files.openat, streams.recvmsg, threads.futex, identity.getrandom]) {
        expect(verdict(numbers)).toBe(allow);
      }
    });

    test("refuses what has no rule, and tells that it is not there when it is newer than the table", () => {
      expect(verdict([41, 198])).toBe(notPermitted);
      expect(verdict([101, 117])).toBe(notPermitted);
      expect(verdict([451, 451])).toBe(noSuchCall);
      expect(verdict([435, 435])).toBe(noSuchCall);
    });

    test("ends a process that calls by another architecture's numbers", () => {
      const other = architecture === x86_64 ? aarch64 : x86_64;
      expect(run(filter(), { architecture: other, call: 0, args: [] })).toBe(kill);
    });

    test("lets threads be made, processes only with the right to", () => {
      const thread = 0x003d_0f00;
      expect(verdict(threads.clone, [thread])).toBe(allow);
      expect(verdict(threads.clone, [17])).toBe(notPermitted);
      expect(verdict(threads.clone, [17], { allowSubprocesses: true })).toBe(allow);
      for (const flags of [0x1000_0011, 0x1000_0000 | thread, 0x8011]) {
        expect(verdict(threads.clone, [flags], { allowSubprocesses: true })).toBe(notPermitted);
      }
      expect(verdict(subprocesses.socketpair, [1])).toBe(notPermitted);
      expect(verdict(subprocesses.socketpair, [1], { allowSubprocesses: true })).toBe(allow);
      expect(verdict(subprocesses.socketpair, [2], { allowSubprocesses: true })).toBe(notPermitted);
    });

    test("lets signals go to itself, and to others where Landlock keeps them to its own", () => {
      expect(verdict(signals.kill, [pid])).toBe(allow);
      expect(verdict(signals.kill, [1])).toBe(notPermitted);
      expect(verdict(signals.tgkill, [1])).toBe(notPermitted);
      const programs = { allowSubprocesses: true };
      expect(verdict(signals.kill, [1], { ...programs, landlockAbi: 6 })).toBe(allow);
      expect(verdict(signals.kill, [1], { ...programs, landlockAbi: 5 })).toBe(notPermitted);
      expect(verdict(subprocesses.tkill, [1], { landlockAbi: 5 })).toBe(notPermitted);
    });

    test("looks at both halves of a pointer that must be null", () => {
      expect(verdict(files.utimensat, [3, 0])).toBe(allow);
      expect(verdict(files.utimensat, [3, 1])).toBe(notPermitted);
      expect(verdict(files.utimensat, [3, 2 ** 32])).toBe(notPermitted);
      expect(verdict(streams.sendto, [0, 0, 0, 0, 2 ** 40])).toBe(notPermitted);
    });

    test("looks at the half of a number that the kernel looks at", () => {
      const setOwner = 8;
      expect(verdict(files.fcntl, [0, 1])).toBe(allow);
      expect(verdict(files.fcntl, [0, setOwner])).toBe(notPermitted);
      expect(verdict(files.fcntl, [0, 2 ** 32 + setOwner])).toBe(notPermitted);
      const typeIntoTerminal = 0x5412;
      expect(verdict(files.ioctl, [0, typeIntoTerminal])).toBe(notPermitted);
      expect(verdict(threads.prctl, [1])).toBe(notPermitted);
      expect(verdict(identity.prlimit64, [pid])).toBe(allow);
      expect(verdict(identity.prlimit64, [1])).toBe(notPermitted);
    });

    test("takes execution from a script that has begun, and nothing else", () => {
      const started = seccompFilter({ architecture, rules: startedRules(architecture), otherwise: "allow" });
      const call = (numbers: Numbers) =>
        run(started, { architecture, call: numbers[architecture.column] ?? -1, args: [] });
      expect(call(subprocesses.execve)).toBe(notPermitted);
      expect(call(subprocesses.execveat)).toBe(notPermitted);
      expect(call(files.read)).toBe(allow);
    });

    test("is no longer than the kernel takes", () => {
      expect(filter({ allowSubprocesses: true }).length / 8).toBeLessThan(4096);
    });
  });
}

test("seccompFilter() ends a process that calls by x32's numbers", () => {
  const rules = guestRules({ architecture: x86_64, pid, allowSubprocesses: false, landlockAbi: 7 });
  const filter = seccompFilter({ architecture: x86_64, rules, otherwise: "refuse" });
  expect(run(filter, { architecture: x86_64, call: 0x4000_0000, args: [] })).toBe(kill);
});

interface Call {
  readonly architecture: Architecture;
  readonly call: number;
  readonly args: readonly number[];
}

/** The verdict of a filter, by the rules of the kernel's own interpreter: networking/filter.rst. */
function run(filter: Uint8Array, { architecture, call, args }: Call): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setInt32(0, call, true);
  data.setUint32(4, architecture.auditArch, true);
  for (const [at, value] of args.entries()) data.setBigUint64(16 + 8 * at, BigInt(value), true);
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  let accumulator = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const code = program.getUint16(at, true);
    const value = program.getUint32(at + 4, true);
    const jump = (holds: boolean) => {
      at += 8 * program.getUint8(at + (holds ? 2 : 3));
    };
    switch (code) {
      case 0x20:
        accumulator = data.getUint32(value, true);
        break;
      case 0x54:
        accumulator = (accumulator & value) >>> 0;
        break;
      case 0x15:
        jump(accumulator === value);
        break;
      case 0x35:
        jump(accumulator >= value);
        break;
      case 0x06:
        return value;
      default:
        throw new Error(`instruction ${code} at ${at / 8}`);
    }
  }
  throw new Error("the filter has no end");
}
