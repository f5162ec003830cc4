import { describe, expect, test } from "bun:test";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PermissionSet, parsePluginName } from "../../runtime/contract/index.ts";
import { Guard } from "../../runtime/host/guard.ts";
import { type GuestPolicyOptions, inspectingLaunch, runningLaunch } from "../../runtime/host/guest-policy.ts";
import { openPathsOf } from "../../runtime/host/open-paths.ts";

const plugin = parsePluginName("reader");

/** A folder with a plugin, a database, and some files. */
async function createPlace() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "guest-policy-")));
  for (const path of ["plugin/index.ts", "data/a/one", "data/b/two", "data/key", "data/key-wal"]) {
    await Bun.write(join(folder, path), "");
  }
  const at = (...paths: readonly string[]) => paths.map((path) => join(folder, path));
  const options = (changes: Partial<GuestPolicyOptions> = {}): GuestPolicyOptions => ({
    plugin,
    files: { module: join(folder, "plugin/index.ts"), root: join(folder, "plugin") },
    workFolder: join(folder, "work"),
    secretPaths: [join(folder, "data/key")],
    memoryBytes: 100 * 1024 ** 2,
    mayRunUnheld: false,
    env: { TZ: "Europe/Berlin", WORD: "x", OTHER: "y", TELEGRAPHIST_KEY: "k", PATH: process.env.PATH ?? "" },
    ...changes,
  });
  const launch = (requested: PermissionSet, allow: PermissionSet, deny: PermissionSet = {}) => {
    const grants = { requested, allow, deny, secretPaths: [join(folder, "data/key")] };
    const counters = { events: 0, errors: 0, calls: 0, denied: 0 };
    return runningLaunch(options(), new Guard(plugin, grants, counters));
  };
  return {
    ...{ folder, at, options, launch },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

describe("inspectingLaunch()", () => {
  test("opens the plugin's folder and nothing that could be written", async () => {
    await using place = await createPlace();
    const { policy, env, cwd, allowLevel } = await inspectingLaunch(place.options());
    expect(policy.readFolders).toContain(join(place.folder, "plugin"));
    expect(policy).toMatchObject({ writeFolders: [], executables: [], allowSubprocesses: false });
    expect({ env, cwd }).toEqual({ env: { TZ: "Europe/Berlin" }, cwd: join(place.folder, "work") });
    expect(allowLevel).toBeUndefined();
  });

  test("opens of a plugin that is a file that file alone", async () => {
    await using place = await createPlace();
    const module = join(place.folder, "plugin/index.ts");
    const { policy } = await inspectingLaunch(place.options({ files: { module, root: module } }));
    expect(policy.readFiles).toContain(module);
    expect(policy.readFolders).not.toContain(join(place.folder, "plugin"));
  });

  test("refuses a plugin in whose folder a secret lies", async () => {
    await using place = await createPlace();
    const files = { module: join(place.folder, "plugin/index.ts"), root: place.folder };
    await expect(inspectingLaunch(place.options({ files }))).rejects.toMatchObject({
      code: "HOST_SECRET_IN_PLUGIN",
    });
  });
});

test("inspectingLaunch() says which folder it cannot make, and what to do", async () => {
  await using place = await createPlace();
  const workFolder = join(place.folder, "data/key/reader");
  await expect(inspectingLaunch(place.options({ workFolder }))).rejects.toMatchObject({
    code: "HOST_NO_WORK_FOLDER",
    message: expect.stringMatching(
      /^Cannot make folder ".*data\/key\/reader" for plugin "reader" to work in: ENOTDIR; /,
    ),
  });
});

describe("runningLaunch()", () => {
  test("opens what is asked for and allowed, the narrower of both", async () => {
    await using place = await createPlace();
    const [a = "", data = ""] = place.at("data/a", "data");
    for (const [requested, allow] of [
      [["*"], [a]],
      [[data], [a]],
      [[a], ["*"]],
    ] as const) {
      const { policy } = await place.launch({ read: requested }, { read: allow });
      expect(policy.readFolders).toContain(a);
      expect(policy.readFolders).not.toContain(data);
    }
    const { policy } = await place.launch({ read: [a] }, { read: place.at("data/b") });
    expect(policy.readFolders).not.toContain(a);
  });

  test("makes a folder that may be written, and opens the plugin's own", async () => {
    await using place = await createPlace();
    const [archive = ""] = place.at("archive");
    const { policy } = await place.launch({ write: ["*"] }, { write: [archive] });
    expect(policy.writeFolders).toEqual([join(place.folder, "work"), archive]);
  });

  test("gives variables that are granted, and never the program's own", async () => {
    await using place = await createPlace();
    expect((await place.launch({ env: ["*"] }, { env: ["WORD"] })).env).toEqual({
      TZ: "Europe/Berlin",
      WORD: "x",
    });
    expect((await place.launch({ env: ["*"] }, { env: ["*"] })).env).not.toHaveProperty("TELEGRAPHIST_KEY");
  });

  test("opens programs that are granted, and processes with them", async () => {
    await using place = await createPlace();
    const { policy, env } = await place.launch({ run: ["sh"] }, { run: ["sh", "no-such-program"] });
    expect(policy.executables).toEqual([Bun.which("sh") ?? ""]);
    expect(policy.allowSubprocesses).toBeTrue();
    expect(env).toHaveProperty("PATH");
  });

  test("opens the files of a fact that is granted", async () => {
    await using place = await createPlace();
    const { policy } = await place.launch({ sys: ["*"] }, { sys: ["loadavg"] });
    expect(policy.readFiles).toContain("/proc/loadavg");
    expect(policy.readFiles).not.toContain("/proc/cpuinfo");
  });
});

describe("openPathsOf()", () => {
  test("opens a folder with a closed path in it entry by entry", async () => {
    await using place = await createPlace();
    const [data = "", key = "", a = "", b = ""] = place.at("data", "data/key", "data/a", "data/b");
    expect(await openPathsOf(data, [])).toEqual({ files: [], folders: [data] });
    const { files, folders } = await openPathsOf(data, [key]);
    expect({ files, folders: folders.toSorted() }).toEqual({ files: [], folders: [a, b] });
    expect(await openPathsOf(key, [key])).toEqual({ files: [], folders: [] });
    expect(await openPathsOf(join(a, "one"), [key])).toEqual({ files: [join(a, "one")], folders: [] });
  });

  test("opens nothing of what is not there", async () => {
    await using place = await createPlace();
    expect(await openPathsOf(join(place.folder, "nothing"), [])).toEqual({ files: [], folders: [] });
  });
});
