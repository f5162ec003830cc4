import { readFileSync } from "node:fs";
import type { PathRule } from "./landlock.ts";
import { access } from "./landlock-access.ts";

/**
 * The rules that Bun needs to start, as `strace` shows: the program, the libraries that are mapped in this process
 * (which runs the same program; one of them is the loader), and what tells its heap and its clock about the machine.
 */
export function runtimeRules(program: string): readonly PathRule[] {
  const libraries = mappedFiles(readFileSync("/proc/self/maps", "utf8"));
  return [
    ...[program, ...libraries].map((path) => ({ path, access: access.execute })),
    ...machineFiles.map((path) => ({ path, access: access.read })),
    { path: "/dev/null", access: access.write },
  ];
}

const machineFiles = [
  "/etc/ld.so.cache",
  "/etc/localtime",
  "/dev/urandom",
  "/dev/random",
  "/proc/self/maps",
  "/proc/self/stat",
  "/proc/self/statm",
  "/proc/self/status",
  "/proc/self/cgroup",
  "/proc/sys/vm/overcommit_memory",
  "/proc/sys/vm/mmap_min_addr",
  "/sys/kernel/mm/transparent_hugepage/enabled",
  "/sys/devices/system/cpu/online",
] as const;

/** Paths of the files that a process has in its memory, from the text of its `/proc/<pid>/maps`. */
export function mappedFiles(maps: string): readonly string[] {
  const paths = maps.split("\n").flatMap((line) => /\s(\/.+)$/.exec(line)?.[1] ?? []);
  return [...new Set(paths)];
}
