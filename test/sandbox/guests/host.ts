import { launchSandboxed } from "../../../runtime/sandbox/index.ts";
import { policyFor } from "../hold.ts";

/** A host that launches a script, tells its number, and waits to be killed; no guest of anybody. */
const [, , script = "", folder = ""] = process.argv;
const held = await launchSandboxed({ script, cwd: folder, policy: policyFor(folder) });
process.stdout.write(`${held.pid}\n`);
await held.exited;
