import * as files from "node:fs/promises";
import { join } from "node:path";
import { attemptAll } from "./attempt-all.ts";

/** A folder with a file that may be read, and folders of which one may be read, one be listed, one be written. */
const [, , folder = ""] = process.argv;
const at = (path: string) => join(folder, path);

await attemptAll({
  "read the file": () => files.readFile(at("one.txt")),
  "write the file": () => files.writeFile(at("one.txt"), ""),
  "read the file beside it": () => files.readFile(at("two.txt")),
  "read in the read folder": () => files.readFile(at("read/deep/a.txt")),
  "list the read folder": () => files.readdir(at("read/deep")),
  "write in the read folder": () => files.writeFile(at("read/deep/a.txt"), ""),
  "list the listed folder": () => files.readdir(at("listed/deep")),
  "read in the listed folder": () => files.readFile(at("listed/deep/a.txt")),
  "write in the written folder": () => files.writeFile(at("written/deep/a.txt"), ""),
  "write the written file": () => files.writeFile(at("written.txt"), ""),
});
