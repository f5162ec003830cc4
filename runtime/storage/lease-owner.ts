import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A program that has the database open, told apart from all others, those of before under the same pid included. */
export interface LeaseOwner {
  /** Made anew whenever a database is opened. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** When the process began, in the kernel's ticks since the boot; empty where the system does not tell. */
  readonly pidStart: string;
  /** The boot and the namespace that the pid belongs to; empty where the system does not tell. */
  readonly pidSpace: string;
}

export function thisProcess(): LeaseOwner {
  const { pid } = process;
  return {
    id: crypto.randomUUID(),
    host: hostname(),
    pid,
    pidStart: startOf(pid) ?? "",
    pidSpace: ownPidSpace(),
  };
}

/**
 * Whether a process runs: `alive`, `gone`, or `unknown` for one of another host or container.
 *
 * @param own this process, whose pids are the ones that can be looked at
 */
export function lookAfter(
  { pid, pidSpace, pidStart }: LeaseOwner,
  own: LeaseOwner,
): "alive" | "gone" | "unknown" {
  if (pidSpace === "" || pidSpace !== own.pidSpace) return "unknown";
  return startOf(pid) === pidStart ? "alive" : "gone";
}

/** `null` when there is no such process, or a dead one that its parent has not buried. Source: proc_pid_stat(5). */
function startOf(pid: number): string | null {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name of the program may hold spaces and brackets itself.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? null : (fields[18] ?? null);
}

function ownPidSpace(): string {
  const boot = textOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const namespace = textOf(() => readlinkSync("/proc/self/ns/pid"));
  return boot === "" || namespace === "" ? "" : `${boot} ${namespace}`;
}

/** Empty on a system that has no such file. */
function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
