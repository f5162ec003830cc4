import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canHold, guest, policyFor, runHeld } from "./hold.ts";

const packages = join(import.meta.dirname, "../../node_modules");

// Held scripts yield to everything else that the machine does.
setDefaultTimeout(60_000);

describe.if(canHold)("a held script", () => {
  let own: string;
  let outside: string;
  let server: Server;
  let abstractServer: Server;
  const abstractName = `telegraphist-test-${process.pid}`;

  beforeAll(async () => {
    own = await mkdtemp(join(tmpdir(), "held-"));
    outside = await mkdtemp(join(tmpdir(), "outside-"));
    server = await listening(0);
    abstractServer = await listening(`\0${abstractName}`);
  });

  afterAll(async () => {
    server.close();
    abstractServer.close();
    await Promise.all([own, outside].map((folder) => rm(folder, { recursive: true })));
  });

  /** Outcomes of a guest's attempts by their names. */
  async function outcomesOf(
    name: string,
    ...args: readonly string[]
  ): Promise<Record<string, string | number>> {
    const said = await runHeld({
      script: guest(name),
      args,
      cwd: own,
      policy: policyFor(own, { readFolders: [packages] }),
      env: { NODE_PATH: packages },
    });
    expect(said.errors).toBe("");
    return JSON.parse(said.output);
  }

  test("does everyday work", async () => {
    const outcomes = await outcomesOf("everyday");
    expect(namesNot(outcomes, (outcome) => outcome === "done")).toEqual([]);
  });

  test("reaches no file that is not granted", async () => {
    const shut = join(outside, "shut");
    const secret = join(shut, "secret.txt");
    await mkdir(shut);
    await writeFile(secret, "secret", { mode: 0o600 });
    const before = await stat(secret);
    const outcomes = await outcomesOf("files", shut);
    expect(namesNot(outcomes, isRefusal)).toEqual([]);
    expect(await readdir(shut)).toEqual(["secret.txt"]);
    expect(await readFile(secret, "utf8")).toBe("secret");
    const after = await stat(secret);
    expect([after.mode, after.mtimeMs, after.nlink]).toEqual([before.mode, before.mtimeMs, before.nlink]);
  });

  test("does with granted paths what is granted, and no more", async () => {
    const granted = join(outside, "granted");
    const folders = ["read", "listed", "written"];
    await Promise.all(folders.map((name) => mkdir(join(granted, name, "deep"), { recursive: true })));
    const paths = ["one.txt", "two.txt", "written.txt", ...folders.map((name) => `${name}/deep/a.txt`)];
    await Promise.all(paths.map((path) => writeFile(join(granted, path), "text")));
    const { output } = await runHeld({
      script: guest("grants"),
      args: [granted],
      cwd: own,
      policy: policyFor(own, {
        readFiles: [join(granted, "one.txt"), join(granted, "is-not-there.txt")],
        readFolders: [join(granted, "read")],
        listFolders: [join(granted, "listed")],
        writeFolders: [join(granted, "written"), join(granted, "written.txt")],
      }),
    });
    expect(JSON.parse(output)).toEqual({
      "read the file": "done",
      "write the file": "EACCES",
      "read the file beside it": "EACCES",
      "read in the read folder": "done",
      "list the read folder": "done",
      "write in the read folder": "EACCES",
      "list the listed folder": "done",
      "read in the listed folder": "EACCES",
      "write in the written folder": "done",
      "write the written file": "done",
    });
  });

  test("opens no socket", async () => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : address;
    let connections = 0;
    for (const one of [server, abstractServer]) one.on("connection", () => connections++);
    const outcomes = await outcomesOf("network", String(port), abstractName);
    expect(namesNot(outcomes, isRefusal)).toEqual([]);
    expect(connections).toBe(0);
  });

  test("runs no program and signals nobody", async () => {
    let signals = 0;
    const count = () => signals++;
    process.on("SIGUSR1", count);
    const outcomes = await outcomesOf("processes");
    process.off("SIGUSR1", count);
    expect(namesNot(outcomes, isRefusal)).toEqual([]);
    expect(signals).toBe(0);
  });

  test("gets nothing of the kernel by native code", async () => {
    const outcomes = await outcomesOf("native");
    expect(Object.keys(outcomes).length).toBeGreaterThan(40);
    expect(namesNot(outcomes, (answer) => Number(answer) < 0)).toEqual([]);
  });
});

/** What came to another end than it should, as `name: outcome`. */
function namesNot(
  outcomes: Readonly<Record<string, string | number>>,
  isGood: (outcome: string | number) => boolean,
): readonly string[] {
  return Object.entries(outcomes).flatMap(([name, outcome]) =>
    isGood(outcome) ? [] : [`${name}: ${outcome}`],
  );
}

/** The kernel refuses by these; what is Bun's own refusal, as of native modules, has words. */
function isRefusal(outcome: string | number): boolean {
  return outcome !== "done";
}

function listening(address: number | string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    if (typeof address === "number") server.listen(address, "127.0.0.1", () => resolve(server));
    else server.listen({ path: address }, () => resolve(server));
  });
}
