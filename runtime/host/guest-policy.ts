import { mkdir, stat } from "node:fs/promises";
import { delimiter, dirname, extname, isAbsolute, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type PluginName, TelegraphistError } from "../contract/index.ts";
import { guestScript } from "../guest/index.ts";
import { pathCovers } from "../permissions/index.ts";
import type { KernelLevel, LaunchOptions, SandboxLimits } from "../sandbox/index.ts";
import type { Guard } from "./guard.ts";
import { type OpenPaths, openPathsOf } from "./open-paths.ts";

/** Where a plugin's own code is. */
export interface PluginFiles {
  /** What the process imports. */
  readonly module: string;
  /** The file or folder that is the plugin's. */
  readonly root: string;
}

export interface GuestPolicyOptions {
  readonly plugin: PluginName;
  readonly files: PluginFiles;
  /** The plugin's own folder, in which the process works. */
  readonly workFolder: string;
  /** Files that no plugin may read. */
  readonly secretPaths: readonly string[];
  readonly memoryBytes: number;
  /** Whether it may run where the system cannot hold it. */
  readonly mayRunUnheld: boolean;
  /** What this system can hold it by. @default the kernel is asked */
  readonly readLevel?: (() => Promise<KernelLevel>) | undefined;
  /** The environment that the plugin's is taken from. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The rooms that a plugin's process is made of. */
const guestRooms = ["guest", "wire", "scope", "contract"].map((room) =>
  fileURLToPath(new URL(`../${room}`, import.meta.url)),
);

/** What every process is told of the machine, without which times and texts come out wrong. */
const harmlessVariables = ["TZ", "LANG", "LC_ALL"];

/** Facts about the machine that `sys` grants, and the files that tell them. */
const systemFacts: Readonly<Record<string, readonly string[]>> = {
  hostname: ["/proc/sys/kernel/hostname", "/etc/hostname"],
  osRelease: ["/proc/sys/kernel/osrelease", "/proc/version", "/etc/os-release"],
  cpus: ["/proc/cpuinfo", "/proc/stat", "/sys/devices/system/cpu"],
  loadavg: ["/proc/loadavg"],
  systemMemoryInfo: ["/proc/meminfo"],
  osUptime: ["/proc/uptime"],
};

/** What `*` does not mean: other processes, the kernel, and devices. */
const machineFolders = ["/proc", "/sys", "/dev"];

const limits: Omit<SandboxLimits, "memoryBytes"> = {
  openFiles: 256,
  processes: 64,
  fileSizeBytes: 4 * 1024 ** 3,
};

/**
 * How the process is held that only looks at a plugin: it reads the plugin's own files and nothing else.
 *
 * @throws {TelegraphistError} `HOST_SECRET_IN_PLUGIN` when the plugin's folder holds what no plugin may read,
 * `HOST_NO_WORK_FOLDER` when the one that it works in cannot be made
 */
export async function inspectingLaunch(options: GuestPolicyOptions): Promise<LaunchOptions> {
  const { files, workFolder, memoryBytes, env, mayRunUnheld, readLevel } = options;
  requireNoSecret(options);
  await makeWorkFolder(options);
  const isFile = (await stat(files.root)).isFile();
  const above = await packagesAbove(files.root);
  return {
    script: guestScript,
    cwd: workFolder,
    env: namedOf(env, harmlessVariables),
    ...(mayRunUnheld && { allowLevel: "none" }),
    ...(readLevel && { readLevel }),
    policy: {
      readFiles: [...(isFile ? [files.root] : []), ...above.files],
      readFolders: [...guestRooms, ...(isFile ? [] : [files.root]), ...above.folders],
      // Bun finds modules by the lists of the folders they are in; of what is beside them only names are told.
      listFolders: [...(isFile ? [dirname(files.root)] : []), ...above.folders.map(dirname)],
      writeFolders: [],
      executables: [],
      allowSubprocesses: false,
      limits: { ...limits, memoryBytes },
    },
  };
}

/** How the process is held that runs a plugin: its own files and folder, and what its grants open beside. */
export async function runningLaunch(options: GuestPolicyOptions, guard: Guard): Promise<LaunchOptions> {
  const { workFolder, env } = options;
  const { policy, ...launch } = await inspectingLaunch(options);
  const names = (permission: "env" | "run" | "sys", all: readonly string[]): readonly string[] =>
    all.filter((name) => guard.allows({ permission, name }));
  const read = await openPathsFor(guard, "read");
  const write = await openPathsFor(guard, "write");
  const facts = names("sys", Object.keys(systemFacts)).flatMap((name) => systemFacts[name] ?? []);
  const programs = names("run", guard.grants.allow.run ?? []).flatMap((name) => programsOf(name, env));
  const variables = names("env", Object.keys(env)).filter((name) => !name.startsWith("TELEGRAPHIST_"));
  const searched = programs.length > 0 ? ["PATH"] : [];
  return {
    ...launch,
    env: { ...launch.env, ...namedOf(env, [...searched, ...variables]) },
    policy: {
      ...policy,
      readFiles: [...policy.readFiles, ...read.files, ...facts],
      readFolders: [...policy.readFolders, ...read.folders],
      writeFolders: [workFolder, ...write.folders, ...write.files],
      executables: programs,
      allowSubprocesses: programs.length > 0,
    },
  };
}

/** The paths that are both asked for and allowed, without those that are denied or hold secrets. */
async function openPathsFor({ grants }: Guard, permission: "read" | "write"): Promise<OpenPaths> {
  const { requested, allow, deny, secretPaths = [] } = grants;
  const asked = (requested[permission] ?? []).map(treeOf);
  const allowed = (allow[permission] ?? []).map(treeOf);
  const paths = asked.flatMap((one) =>
    allowed.flatMap((other) => (pathCovers(one, other) ? [other] : pathCovers(other, one) ? [one] : [])),
  );
  if (permission === "write") await Promise.all(paths.map(makeFolder));
  const closed = [...(deny[permission] ?? []).map(treeOf), ...secretPaths];
  const open = await Promise.all(
    [...new Set(paths)].map((path) =>
      openPathsOf(path, path === sep ? [...closed, ...machineFolders] : closed),
    ),
  );
  return { files: open.flatMap(({ files }) => files), folders: open.flatMap(({ folders }) => folders) };
}

function treeOf(grant: string): string {
  return grant === "*" ? sep : grant;
}

/** A folder that a plugin may write is made before, as the kernel opens only what is there. */
async function makeFolder(path: string): Promise<void> {
  if (extname(path) === "") await mkdir(path, { recursive: true });
}

/** Programs by name or path; `*` stands for all that the path of the environment finds. */
function programsOf(name: string, { PATH }: GuestPolicyOptions["env"]): readonly string[] {
  if (name === "*") return (PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = isAbsolute(name) ? name : Bun.which(name, { PATH: PATH ?? "" });
  return found === null ? [] : [found];
}

/** The folders of packages, and what says how to read a module, from the plugin up. */
async function packagesAbove(root: string): Promise<OpenPaths> {
  const files: string[] = [];
  const folders: string[] = [];
  for (let folder = root; folder !== dirname(folder); folder = dirname(folder)) {
    if (await isThere(join(folder, "node_modules"))) folders.push(join(folder, "node_modules"));
    files.push(join(folder, "package.json"), join(folder, "tsconfig.json"));
  }
  return { files, folders };
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function namedOf(env: GuestPolicyOptions["env"], names: readonly string[]): Readonly<Record<string, string>> {
  const entries = names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

async function makeWorkFolder({ plugin, workFolder }: GuestPolicyOptions): Promise<void> {
  try {
    await mkdir(workFolder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new TelegraphistError({
      code: "HOST_NO_WORK_FOLDER",
      category: "CONFIG",
      message:
        `Cannot make folder "${workFolder}" for plugin "${plugin}" to work in: ${reason}; ` +
        'let it be written, or make a folder "plugins" beside the database, which comes first',
      data: { plugin, reason },
      cause,
    });
  }
}

function requireNoSecret({ plugin, files: { root }, secretPaths }: GuestPolicyOptions): void {
  const secret = secretPaths.find((path) => pathCovers(root, path));
  if (secret === undefined) return;
  throw new TelegraphistError({
    code: "HOST_SECRET_IN_PLUGIN",
    category: "CONFIG",
    message: `Cannot start plugin "${plugin}" from ${root} as it reads all of that folder: ${secret} is in it, give the plugin a folder of its own`,
    data: { plugin, root },
  });
}
