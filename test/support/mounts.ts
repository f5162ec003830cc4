import { chmod } from "node:fs/promises";

const isRoot = process.getuid?.() === 0;

/** Whether file systems can be mounted here. */
export async function mayMount(): Promise<boolean> {
  if (process.platform !== "linux" || !isRoot) return false;
  const probe = await Bun.$`unshare --mount mount -t tmpfs tmpfs /mnt`.quiet().nothrow();
  return probe.exitCode === 0;
}

/** Whether a folder can be kept from being written: root is held by nothing but a mount. */
export async function mayMakeReadOnly(): Promise<boolean> {
  return !isRoot || (await mayMount());
}

/** Keeps a folder from being written until it is disposed. */
export async function readOnly(folder: string): Promise<AsyncDisposable> {
  if (!isRoot) {
    await chmod(folder, 0o500);
    return { [Symbol.asyncDispose]: () => chmod(folder, 0o700) };
  }
  await Bun.$`mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`.quiet();
  return { [Symbol.asyncDispose]: async () => void (await Bun.$`umount ${folder}`.quiet()) };
}
