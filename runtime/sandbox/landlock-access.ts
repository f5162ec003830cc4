/** Landlock's rights on files, by the bits of linux/landlock.h. */
const bit = {
  execute: 1n << 0n,
  writeFile: 1n << 1n,
  readFile: 1n << 2n,
  readFolder: 1n << 3n,
  removeFolder: 1n << 4n,
  removeFile: 1n << 5n,
  makeFolder: 1n << 7n,
  makeFile: 1n << 8n,
  move: 1n << 13n,
  truncate: 1n << 14n,
  controlDevice: 1n << 15n,
} as const;

/** What a path may be used for, as the bits of a rule; links, pipes, sockets, and devices are made by nobody. */
export const access = {
  list: bit.readFolder,
  read: bit.readFolder | bit.readFile,
  execute: bit.readFile | bit.execute,
  write:
    bit.readFolder |
    bit.readFile |
    bit.writeFile |
    bit.truncate |
    bit.makeFolder |
    bit.makeFile |
    bit.removeFolder |
    bit.removeFile |
    bit.move,
} as const;

/** The rights that a rule on a file may name; the kernel refuses a rule on a file with one of a folder's. */
export const fileAccess = bit.execute | bit.writeFile | bit.readFile | bit.truncate | bit.controlDevice;

/** `LANDLOCK_ACCESS_NET_*`: binding and connecting TCP ports. */
export const everyNetworkAccess = 0b11n;
/** `LANDLOCK_SCOPE_*`: abstract sockets and signals of others. */
export const everyScope = 0b11n;

/** All rights that an ABI knows, which makes the kernel refuse each that no rule gives. */
export function everyFileAccess(abi: number): bigint {
  // The first ABI has 13 rights; 2, 3, and 5 brought one each.
  const rights = 13n + (abi >= 2 ? 1n : 0n) + (abi >= 3 ? 1n : 0n) + (abi >= 5 ? 1n : 0n);
  return (1n << rights) - 1n;
}
