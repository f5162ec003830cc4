import { readFile } from "node:fs/promises";

/** What a process uses at one moment. */
export interface ProcessUse {
  readonly residentBytes: number;
  readonly threads: number;
}

/** Reads `/proc/<pid>/status`; `null` when there is no such process, or no such file on this system. */
export async function readProcessUse(pid: number): Promise<ProcessUse | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => null);
  const residentKib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  const threads = /^Threads:\s+(\d+)$/m.exec(status ?? "")?.[1];
  if (residentKib === undefined || threads === undefined) return null;
  return { residentBytes: Number(residentKib) * 1024, threads: Number(threads) };
}

/** Memory of a process that is in RAM, in bytes; `null` when there is no such process. */
export async function readResidentBytes(pid: number): Promise<number | null> {
  return (await readProcessUse(pid))?.residentBytes ?? null;
}
