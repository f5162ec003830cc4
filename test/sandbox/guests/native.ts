import { ptr } from "bun:ffi";
import { type CallArgument, Kernel } from "../../../runtime/sandbox/kernel.ts";
import type { Numbers } from "../../../runtime/sandbox/system-calls.ts";

/** Calls that native code can make past Bun, with their numbers and arguments; all act on the host or on the machine. */
const host = process.ppid;
const text = (value: string) => new TextEncoder().encode(`${value}\0`);
const passwords = text("/etc/passwd");
const program = text("/bin/true");
const bun = text(process.execPath);
const room = new Uint8Array(256);
const noArguments = BigUint64Array.of(BigInt(ptr(program)), 0n);

const calls: Readonly<Record<string, readonly [numbers: Numbers, ...CallArgument[]]>> = {
  socket: [[41, 198], 2, 1, 0],
  "socket of the kernel": [[41, 198], 16, 3, 0],
  socketpair: [[53, 199], 1, 1, 0, room],
  "execve of a program": [[59, 221], program, noArguments, 0],
  "execve of Bun": [[59, 221], bun, noArguments, 0],
  execveat: [[322, 281], -100, bun, noArguments, 0, 0],
  fork: [[57, null]],
  vfork: [[58, null]],
  "clone of a process": [[56, 220], 17, 0, 0, 0, 0],
  "clone with a namespace": [[56, 220], 0x1000_0011, 0, 0, 0, 0],
  unshare: [[272, 97], 0x1000_0000],
  setns: [[308, 268], 0, 0],
  ptrace: [[101, 117], 16, host, 0, 0],
  process_vm_readv: [[310, 270], host, room, 1, room, 1, 0],
  pidfd_open: [[434, 434], host, 0],
  kill: [[62, 129], host, 10],
  tkill: [[200, 130], host, 10],
  tgkill: [[234, 131], host, host, 10],
  rt_sigqueueinfo: [[129, 138], host, 10, room],
  "prlimit64 of the host": [[302, 261], host, 7, 0, room],
  "sched_setaffinity of the host": [[203, 122], host, 8, room],
  "fcntl that has the host signalled": [[72, 25], 0, 8, host],
  "ioctl that types into a terminal": [[16, 29], 0, 0x5412, room],
  "prctl that outlives the host": [[157, 167], 1, 0, 0, 0, 0],
  setsid: [[112, 157]],
  "seccomp of its own": [[317, 277], 1, 0, room],
  bpf: [[321, 280], 0, room, 120],
  perf_event_open: [[298, 241], room, 0, -1, -1, 0],
  userfaultfd: [[323, 282], 0],
  io_uring_setup: [[425, 425], 1, room],
  memfd_create: [[319, 279], program, 0],
  shmget: [[29, 194], 1, 4096, 0o1600],
  keyctl: [[250, 219], 0, -3, 0],
  mount: [[165, 40], passwords, passwords, passwords, 0, 0],
  chroot: [[161, 51], passwords],
  chmod: [[90, null], passwords, 0o666],
  fchmodat: [[268, 53], -100, passwords, 0o666],
  chown: [[92, null], passwords, 0, 0],
  utimensat: [[280, 88], -100, passwords, 0, 0],
  setxattr: [[188, 5], passwords, program, room, 1, 0],
  "truncate of a file outside": [[76, 45], passwords, 0],
  "open that empties a file outside": [[257, 56], -100, passwords, 0o1000, 0],
  inotify_init1: [[294, 26], 0],
  init_module: [[175, 105], room, 1, room],
  kexec_load: [[246, 104], 0, 0, 0, 0],
  reboot: [[169, 142], 0, 0, 0, 0],
  swapon: [[167, 224], passwords, 0],
  settimeofday: [[164, 170], room, 0],
  sethostname: [[170, 161], room, 1],
  personality: [[135, 92], 0],
  open_by_handle_at: [[304, 265], -100, room, 0],
  clone3: [[435, 435], room, 64],
  "a call that is not known": [[460, 460]],
};

const kernel = Kernel.open();
const outcomes = Object.entries(calls).map(([name, [numbers, ...values]]) => [
  name,
  kernel?.call(numbers, ...values) ?? 0,
]);
process.stdout.write(JSON.stringify(Object.fromEntries(outcomes)));
