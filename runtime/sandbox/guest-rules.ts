import type { Architecture } from "./architecture.ts";
import type { ArgumentTest, CallRule } from "./seccomp-filter.ts";
import {
  files,
  identity,
  memory,
  type Numbers,
  signals,
  streams,
  subprocesses,
  threads,
  waiting,
} from "./system-calls.ts";

export interface GuestRuleOptions {
  readonly architecture: Architecture;
  /** The guest's process id, which it keeps when it is executed. */
  readonly pid: number;
  readonly allowSubprocesses: boolean;
  /** What Landlock leaves to the filter depends on its ABI. */
  readonly landlockAbi: number;
}

/** First ABI of Landlock that decides on signals: linux/landlock.h. */
const scopeAbi = 6;

/** The rules of everything that a guest may call; what has no rule is refused. */
export function guestRules(options: GuestRuleOptions): readonly CallRule[] {
  const { architecture, allowSubprocesses, landlockAbi } = options;
  const { fork, vfork, socketpair, pidfd_open, tkill, execve, execveat, seccomp } = subprocesses;
  const tests = argumentTests(options);
  const calls: Readonly<Record<string, Numbers>> = {
    ...files,
    ...streams,
    ...memory,
    ...threads,
    ...signals,
    ...waiting,
    ...identity,
    execve,
    seccomp,
    ...(allowSubprocesses ? { fork, vfork, socketpair, pidfd_open, execveat } : {}),
    // musl sends signals to its own threads by tkill, which does not tell whose threads they are.
    ...(landlockAbi >= scopeAbi ? { tkill } : {}),
  };
  const rules = Object.entries(calls).flatMap(([name, numbers]): readonly CallRule[] => {
    const call = numbers[architecture.column];
    return call === null ? [] : [{ call, tests: tests.get(name) ?? [] }];
  });
  return [...rules, { call: clone3[architecture.column], refuse: "ENOSYS" }];
}

/** The rules of a filter that takes execution of programs, and of further filters, away from a guest that has begun. */
export function startedRules({ column }: Architecture): readonly CallRule[] {
  const { execve, execveat, seccomp } = subprocesses;
  return [execve, execveat, seccomp].map((numbers) => ({ call: numbers[column], refuse: "EPERM" }));
}

/** Its flags are in memory, where a filter cannot look; a C library then takes `clone`. */
const clone3 = [435, 435] as const;

function argumentTests(options: GuestRuleOptions): ReadonlyMap<string, readonly ArgumentTest[]> {
  const { pid, allowSubprocesses, landlockAbi } = options;
  const ofItself: ArgumentTest = { argument: 0, oneOf: [pid] };
  const toItself = allowSubprocesses && landlockAbi >= scopeAbi ? [] : [ofItself];
  return new Map<string, readonly ArgumentTest[]>([
    [
      "clone",
      [
        { argument: 0, mask: newNamespaces | cloneParent, equals: 0 },
        ...(allowSubprocesses ? [] : [{ argument: 0, mask: cloneThread, equals: cloneThread }]),
      ],
    ],
    ["kill", toItself],
    ["tgkill", toItself],
    ["prctl", [{ argument: 0, oneOf: harmlessProcessControls }]],
    ["prlimit64", [{ argument: 0, oneOf: [0, pid] }]],
    ["fcntl", [{ argument: 1, oneOf: descriptorControls }]],
    ["ioctl", [{ argument: 1, oneOf: deviceControls }]],
    // A path in place of NULL would change the times of any file of this user, of which Landlock says nothing.
    ["utimensat", [{ argument: 1, isNull: true }]],
    // An address would send to a socket that the host did not give.
    ["sendto", [{ argument: 4, isNull: true }]],
    ["socketpair", [{ argument: 0, oneOf: [unixFamily] }]],
  ]);
}

/** `CLONE_PARENT`, which makes a child of the host, `CLONE_THREAD`, and all `CLONE_NEW…` in one: linux/sched.h. */
const cloneParent = 0x8000;
const cloneThread = 0x0001_0000;
const newNamespaces = 0x7e02_0000;

/**
 * linux/prctl.h: get and set dumpable, set and get the name, read the bounding set, timer slack, get and set
 * no-new-privileges, the names of memory areas.
 */
const harmlessProcessControls = [3, 4, 15, 16, 23, 29, 30, 38, 39, 0x5356_4d41];

/**
 * asm-generic/fcntl.h and linux/fcntl.h: duplicates, flags, locks, asking for a pipe's size and for seals. What is
 * missing has the kernel signal any process (`F_SETOWN`), holds up others that open the file (`F_SETLEASE`), or uses up
 * what all processes of the user have for pipes (`F_SETPIPE_SZ`).
 */
const descriptorControls = [0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1027, 1030, 1032, 1034];

/**
 * asm-generic/ioctls.h and linux/fs.h: modes, size, and group of a terminal, bytes that wait, not blocking, closing on
 * execution, and sharing the blocks of a copy. What is missing types into a terminal (`TIOCSTI`), or changes the
 * attributes of a file that is only open for reading (`FS_IOC_SETFLAGS`).
 */
const deviceControls = [
  0x5401, 0x5402, 0x5403, 0x5404, 0x540f, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451, 0x802c_542a, 0x4004_9409,
];

/** `AF_UNIX` of linux/socket.h. */
const unixFamily = 1;
