import type { Receipts, Settling } from "./counting/tally.ts";

export interface Target {
  readonly server: {
    readonly dataCentres: readonly { readonly id: number; readonly host: string; readonly port: number }[];
    readonly publicKeys: readonly string[];
  };
  readonly controlUrl: string;
}

export interface Memory {
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** What both sides of a bench can do: ours, and the bare client beside it. */
export interface ClientFace {
  /** Logs in and listens; no phone makes everything ready and connects nobody. */
  connect(input: { readonly target: Target; readonly phones: readonly string[] }): Promise<void>;
  expect(input: { readonly count: number }): Promise<void>;
  settled(input: Settling): Promise<Receipts>;
  /** After a full collection of garbage. */
  memory(input: null): Promise<Memory>;
  close(input: null): Promise<void>;
}

/** What only our side can do. */
export interface OurFace extends ClientFace {
  /** Says how the program is set up; must come before `connect`. */
  prepare(input: Preparation): Promise<void>;
  /** Part of one core that the process takes in that time, in which nobody asks anything of it. */
  idleCpu(input: { readonly forMs: number }): Promise<number>;
  /** The most resident memory that the process has had, in bytes. */
  peakRss(input: null): Promise<number>;
  /** Of the plugin's process, after a while of rest. */
  guestMemory(input: null): Promise<GuestMemory>;
  /** Stops the plugin, starts it, and reloads it, so many times. */
  startAgain(input: { readonly count: number }): Promise<PluginStarts>;
  /** Counts the accounts' changes of state from now on. */
  watchStates(input: null): Promise<void>;
  /** By account, in the order of `phones`. */
  stands(input: null): Promise<readonly Stand[]>;
  /** Each of the accounts sends a message to itself, one after the other. @returns what each took, in milliseconds */
  callEach(input: { readonly accounts: readonly number[] }): Promise<readonly number[]>;
  /** Has three accounts meet what the emulator has prepared for them. */
  provoke(input: Ailing): Promise<void>;
}

/** Accounts by their number. */
export interface Ailing {
  readonly loggedOut: number;
  readonly flooded: number;
  readonly dead: number;
}

/** How an account stands. */
export interface Stand {
  readonly state: string;
  /** Whether calls of it wait until a time that Telegram told. */
  readonly isFlooded: boolean;
  /** Of its state, since the watching began. */
  readonly changes: number;
}

export interface Preparation {
  /** The program's own; who is logged in there is not logged in again. @default a new one, removed at the end */
  readonly folder?: string;
  /** @default true */
  readonly journal?: boolean;
  /** Has the plugin run in a process of its own, and says how many messages each round has. @default inline */
  readonly sandboxedRounds?: readonly number[];
}

/** Milliseconds that each start of a plugin took. */
export interface PluginStarts {
  /** To look at it, as is done when its files are new; empty for one that runs inline. */
  readonly inspectMs: readonly number[];
  readonly startMs: readonly number[];
  /** To have a new one take over from the one that runs. */
  readonly reloadMs: readonly number[];
  /** RSS of the program after the first tenth of the reloads, when all that is loaded on first use is there. */
  readonly settledBytes: number;
  /** RSS of the program after all of them. */
  readonly reloadedBytes: number;
}

/** What a plugin's process takes. */
export interface GuestMemory {
  readonly rssBytes: number;
  /** Of pages that processes share each counts its part; `null` where the system does not tell. */
  readonly pssBytes: number | null;
}

/** The code that the emulator "sent" to a phone. */
export async function loginCode({ controlUrl }: Target, phone: string): Promise<string> {
  const response = await fetch(new URL(`/login-codes/${encodeURIComponent(phone)}`, controlUrl));
  if (!response.ok) throw new Error(`Cannot read the login code: the emulator answered ${response.status}`);
  // The emulator's own route; see `serverRoutes`.
  const { code } = (await response.json()) as { readonly code: string | null };
  return code ?? "";
}

export function memoryNow(): Memory {
  Bun.gc(true);
  const { rss, heapUsed } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed };
}
