import { openSync, readlinkSync } from "node:fs";
import * as files from "node:fs/promises";
import { join } from "node:path";
import { attemptAll } from "./attempt-all.ts";

/** A folder that this script may not touch, with `secret.txt` in it. */
const [, , outside = ""] = process.argv;
const secret = join(outside, "secret.txt");

await attemptAll({
  "read a file of the system": () => files.readFile("/etc/passwd"),
  "read a file outside": () => files.readFile(secret),
  "read a file outside by another way": () => files.readFile(`/proc/self/root${secret}`),
  "read the host's environment": () => files.readFile(`/proc/${process.ppid}/environ`),
  "read the host's memory": () => openSync(`/proc/${process.ppid}/mem`, "r"),
  "read the machine's memory": () => openSync("/dev/mem", "r"),
  "open the terminal": () => openSync("/dev/tty", "r+"),
  "list a folder outside": () => files.readdir(outside),
  "list processes": () => files.readdir("/proc"),
  "write a file outside": () => files.writeFile(secret, "changed"),
  "make a file outside": () => files.writeFile(join(outside, "new.txt"), ""),
  "make a folder outside": () => files.mkdir(join(outside, "new")),
  "empty a file outside": () => files.truncate(secret, 0),
  "remove a file outside": () => files.unlink(secret),
  "change the mode of a file outside": () => files.chmod(secret, 0o777),
  "change the times of a file outside": () => files.utimes(secret, 0, 0),
  "move a file in": () => files.rename(secret, "secret.txt"),
  "link a file in": () => files.link(secret, "secret.txt"),
  "make a symbolic link": () => files.symlink(secret, "secret.txt"),
  "change its own script": () => files.writeFile(import.meta.path, ""),
  "spare itself when memory is short": () => files.writeFile("/proc/self/oom_score_adj", "0"),
  "find a descriptor that it did not open": findForeignDescriptor,
});

/** Beside the three streams there is nothing with a peer or a name, as sockets, pipes, and files have. */
function findForeignDescriptor(): void {
  for (let descriptor = 3; descriptor < 1024; descriptor++) {
    if (/^(socket:|pipe:|\/)/.test(targetOf(descriptor))) return;
  }
  throw new Error("there is none");
}

function targetOf(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "closed";
  }
}
