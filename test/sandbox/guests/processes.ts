import { execFileSync } from "node:child_process";
import { setPriority } from "node:os";
import { attemptAll } from "./attempt-all.ts";

await attemptAll({
  "run a program by Bun": () => Bun.spawnSync(["/bin/true"]),
  "run Bun again": () => Bun.spawnSync([process.execPath, "--version"]),
  "run a program by Node": () => execFileSync("/bin/true"),
  "run a program by Bun's shell": () => Bun.$`/bin/true`.quiet(),
  "signal the host": () => process.kill(process.ppid, "SIGUSR1"),
  "see whether the host is there": () => process.kill(process.ppid, 0),
  "signal every process": () => process.kill(-1, "SIGUSR1"),
  "slow the host down": () => setPriority(process.ppid, 19),
  "become another user": () => process.setuid?.(65_534),
  "load a native module": () => process.dlopen({ exports: {} }, "/nowhere/module.node"),
});
