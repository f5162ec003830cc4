import type { SandboxPolicy } from "./sandbox-policy.ts";

/** What the host asks of the launcher, one line of JSON on `channelDescriptor`. */
export interface LaunchRequest {
  /** The Bun to execute. */
  readonly program: string;
  /** All after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The guest's script, which is also among `args`. */
  readonly script: string;
  readonly policy: SandboxPolicy;
  readonly hostPid: number;
}

/** What the launcher answers, a line of JSON each; the end of the channel after `held` is the guest's start. */
export type LaunchReport =
  | { readonly state: "held"; readonly level: string }
  | { readonly state: "refused"; readonly step: string; readonly errorNumber: number };

/** The descriptor on which launcher and host speak; the kernel closes it when the guest is executed. */
export const channelDescriptor = 3;
