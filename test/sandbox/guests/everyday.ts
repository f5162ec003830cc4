import { Database } from "bun:sqlite";
import { createHash } from "node:crypto";
import * as files from "node:fs/promises";
import { z } from "zod";
import { attemptAll } from "./attempt-all.ts";

await attemptAll({
  "keep files in its folder": async () => {
    await files.mkdir("a/b", { recursive: true });
    await files.writeFile("a/one.txt", "one");
    await files.copyFile("a/one.txt", "a/two.txt");
    await files.rename("a/two.txt", "a/b/three.txt");
    await files.truncate("a/b/three.txt", 1);
    await files.rm("a", { recursive: true });
  },
  "keep a database in its folder": () => {
    using database = new Database("own.db");
    database.run("PRAGMA journal_mode = WAL");
    database.run("CREATE TABLE rows (id INTEGER)");
  },
  "start a worker": () => {
    const worker = new Worker("data:text/javascript,postMessage(1)");
    return new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
    }).finally(() => worker.terminate());
  },
  "wait for a timer": () => Bun.sleep(1),
  "make a digest": () => createHash("sha256").update("text").digest("hex"),
  "make a key": () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]),
  "write a date": () => new Intl.DateTimeFormat("de", { dateStyle: "full" }).format(new Date()),
  "use a package": () => z.object({ a: z.number() }).parse({ a: 1 }),
  "measure its memory": () => process.memoryUsage().rss,
  "signal itself": () => process.kill(process.pid, 0),
});
