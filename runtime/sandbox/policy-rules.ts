import type { PathRule } from "./landlock.ts";
import { access } from "./landlock-access.ts";
import type { SandboxPolicy } from "./sandbox-policy.ts";

/** The rules of what a policy grants. */
export function policyRules(policy: SandboxPolicy): readonly PathRule[] {
  const { readFiles, readFolders, listFolders, writeFolders, executables } = policy;
  return [
    ...[...readFiles, ...readFolders].map((path) => ({ path, access: access.read })),
    ...listFolders.map((path) => ({ path, access: access.list })),
    ...writeFolders.map((path) => ({ path, access: access.write })),
    ...executables.map((path) => ({ path, access: access.execute })),
    ...(policy.allowSubprocesses ? libraryFolders.map((path) => ({ path, access: access.read })) : []),
  ];
}

/** Where programs look for their libraries: Filesystem Hierarchy Standard 3.0, and NixOS. */
const libraryFolders = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store"];
