import { ownArchitecture } from "./architecture.ts";
import { startedRules } from "./guest-rules.ts";
import { Kernel } from "./kernel.ts";
import { everyThread, installFilter } from "./seccomp.ts";
import { seccompFilter } from "./seccomp-filter.ts";
import { threads } from "./system-calls.ts";

/** `PR_SET_DUMPABLE` of linux/prctl.h; execution undoes it, so that the launcher cannot set it. */
const setDumpable = 4;

/** Runs in the guest before its script: takes away the execution of programs, which its own start needed. */
function holdGuest(): boolean {
  using kernel = Kernel.open();
  const architecture = ownArchitecture();
  if (kernel === null || architecture === null) return false;
  const filter = seccompFilter({ architecture, rules: startedRules(architecture), otherwise: "allow" });
  return (
    kernel.call(threads.prctl, setDumpable, 0, 0, 0, 0) === 0 &&
    installFilter(kernel, filter, everyThread) === 0
  );
}

// A worker runs this as well; by then its process is held.
if (Bun.isMainThread && !holdGuest()) process.exit(1);
