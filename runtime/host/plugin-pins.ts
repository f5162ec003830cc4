import type { Logger } from "../../telemetry/index.ts";
import { hasCode, type PermissionName, type PermissionSet, TelegraphistError } from "../contract/index.ts";
import { widenedRequests } from "../permissions/index.ts";
import { hashPlugin } from "./plugin-hash.ts";
import { type PluginLock, type PluginPin, readLock, sortedPermissions, writeLock } from "./plugin-lock.ts";

/** A plugin as it was found. */
export interface FoundPlugin {
  readonly use: string;
  /** What `pluginRootOf` gave. */
  readonly root: string;
  readonly version: string;
  readonly requested: PermissionSet;
}

/** How a plugin stands to its pin. */
export type PinCheck =
  /** It is what it was. */
  | { readonly state: "same" }
  /** It was never seen. */
  | { readonly state: "new" }
  /** It was changed, and asks for no more than before. */
  | { readonly state: "changed" }
  /** It asks for more than before. */
  | { readonly state: "widened"; readonly wider: readonly WiderRequest[] };

export interface WiderRequest {
  readonly permission: PermissionName;
  readonly entry: string;
}

/** The pin of a plugin as it is now. @throws {TelegraphistError} what `hashPlugin` throws */
export async function pinOf({ use, root, version, requested }: FoundPlugin): Promise<PluginPin> {
  return { use, version, hash: await hashPlugin(root), requested: sortedPermissions(requested) };
}

/** Holds a plugin as it is now against its pin. */
export function checkPin(lock: PluginLock, name: string, now: PluginPin): PinCheck {
  const before = lock.get(name);
  if (before === undefined) return { state: "new" };
  const wider = widenedRequests(before.requested, now.requested);
  if (wider.length > 0) return { state: "widened", wider };
  const isSame = JSON.stringify(ordered(before)) === JSON.stringify(ordered(now));
  return { state: isSame ? "same" : "changed" };
}

/** As `checkPin`. @throws {TelegraphistError} `HOST_REQUESTS_WIDENED` when it asks for more than before */
export function requirePin(
  lock: PluginLock,
  name: string,
  now: PluginPin,
): Exclude<PinCheck, { readonly state: "widened" }> {
  const check = checkPin(lock, name, now);
  if (check.state === "widened") throw widened(name, check.wider);
  return check;
}

function ordered({ use, version, hash, requested }: PluginPin): readonly unknown[] {
  return [use, version, hash, sortedPermissions(requested)];
}

export interface PluginPinsOptions {
  /** The lock file. */
  readonly path: string;
  readonly logger: Logger;
}

/** Keeps the lock file. It is read each time, as a person may accept a plugin while the program runs. */
export class PluginPins {
  readonly #path: string;
  readonly #logger: Logger;
  /** What reads and writes the file takes turns. */
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor({ path, logger }: PluginPinsOptions) {
    this.#path = path;
    this.#logger = logger;
  }

  /**
   * Lets a plugin start that asks for no more than when it was pinned, and pins it as it is now. Where the file cannot be
   * written the plugin starts all the same, and the log has it: what the file says goes on to hold.
   *
   * @returns whether it was pinned anew
   * @throws {TelegraphistError} `HOST_REQUESTS_WIDENED`, which says what is wider, and what `readLock` throws
   */
  hold(name: string, now: PluginPin): Promise<boolean> {
    return this.#inTurn(async () => {
      const lock = await readLock(this.#path);
      const check = requirePin(lock, name, now);
      if (check.state === "same") return false;
      const { version, hash } = now;
      try {
        await writeLock(this.#path, new Map([...lock, [name, now]]));
        this.#logger.info(check.state === "new" ? "Plugin pinned" : "Plugin changed, and pinned anew", {
          plugin: name,
          version,
          // As much as tells it apart; a whole one would be taken for a secret.
          hash: hash.slice(0, "sha256-".length + 12),
        });
        return true;
      } catch (error) {
        if (!hasCode(error, "HOST_LOCK_UNWRITABLE")) throw error;
        this.#logger.warn("Plugin starts without a pin as it cannot be written", { plugin: name, error });
        return false;
      }
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(run);
    // The caller has the error; the next turn only waits.
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

function widened(name: string, wider: readonly WiderRequest[]): TelegraphistError {
  const list = wider.map(({ permission, entry }) => `${permission} ${entry}`);
  return new TelegraphistError({
    code: "HOST_REQUESTS_WIDENED",
    category: "PERMISSION",
    message: `Cannot start plugin "${name}" as it asks for more than when it was accepted (${list.join(", ")}): look it over, then run telegraphist plugin grant ${name}`,
    data: { plugin: name, wider: list },
  });
}
