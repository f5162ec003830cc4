import { readdir, readFile } from "node:fs/promises";

/** What a process uses at one moment. */
export interface ProcessUse {
  /** Memory in RAM. */
  readonly residentBytes: number;
  /** That, with what was moved to swap, and the tables in which the kernel keeps its pages. */
  readonly memoryBytes: number;
  readonly threads: number;
}

/** Reads `/proc/<pid>/status`; `null` when there is no such process, or no such file on this system. */
export async function readProcessUse(pid: number): Promise<ProcessUse | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => null);
  return status === null ? null : parseProcessUse(status);
}

/** Adds up a process and those that descend from it; `null` when there is no such process. */
export async function readTreeUse(pid: number): Promise<ProcessUse | null> {
  const [use, children] = await Promise.all([readProcessUse(pid), childrenOf(pid)]);
  if (use === null) return null;
  const uses = await Promise.all(children.map(readTreeUse));
  return uses.reduce<ProcessUse>((sum, one) => (one === null ? sum : add(sum, one)), use);
}

/** Memory of a process that is in RAM, in bytes; `null` when there is no such process. */
export async function readResidentBytes(pid: number): Promise<number | null> {
  return (await readProcessUse(pid))?.residentBytes ?? null;
}

/** Reads the text of `/proc/<pid>/status`; `null` for a process that has ended, which has no memory any more. */
export function parseProcessUse(status: string): ProcessUse | null {
  const numbers = new Map(
    [...status.matchAll(/^(\w+):\s+(\d+)(?: kB)?$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
  const residentKib = numbers.get("VmRSS");
  const threads = numbers.get("Threads");
  if (residentKib === undefined || threads === undefined) return null;
  const memoryKib = residentKib + (numbers.get("VmSwap") ?? 0) + (numbers.get("VmPTE") ?? 0);
  return { residentBytes: residentKib * 1024, memoryBytes: memoryKib * 1024, threads };
}

function add(one: ProcessUse, other: ProcessUse): ProcessUse {
  return {
    residentBytes: one.residentBytes + other.residentBytes,
    memoryBytes: one.memoryBytes + other.memoryBytes,
    threads: one.threads + other.threads,
  };
}

/** The kernel keeps the children of each thread apart. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}
