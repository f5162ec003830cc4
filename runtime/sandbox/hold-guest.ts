import { startedRules } from "./guest-rules.ts";
import { Kernel } from "./kernel.ts";
import { everyThread, installFilter } from "./seccomp.ts";
import { seccompFilter } from "./seccomp-filter.ts";

/** Runs in the guest before its script: takes away the execution of programs, which its own start needed. */
function giveUpExecution(): boolean {
  using kernel = Kernel.open();
  if (kernel === null) return false;
  const { architecture } = kernel;
  const filter = seccompFilter({ architecture, rules: startedRules(architecture), otherwise: "allow" });
  return installFilter(kernel, filter, everyThread) === 0;
}

// A worker runs this as well; by then its process is held.
if (Bun.isMainThread && !giveUpExecution()) process.exit(1);
