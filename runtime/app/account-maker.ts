import type { TelegraphistConfig } from "../../config/index.ts";
import type { Logger } from "../../telemetry/index.ts";
import { type AccountName, type Clock, parseAccountName } from "../contract/index.ts";
import type { LeaseKeeper, Storage } from "../storage/index.ts";
import {
  type Account,
  type ApiIdentity,
  ConnectionBudget,
  createAccount,
  type Device,
  type ServerOptions,
} from "../telegram/index.ts";
import { definedOf } from "./defined.ts";
import type { EventPath } from "./event-path.ts";

export interface AccountMakerOptions {
  readonly config: Pick<TelegraphistConfig, "accounts" | "limits" | "storage" | "telegram">;
  readonly storage: Storage;
  readonly events: Pick<EventPath, "commitOf" | "tell">;
  readonly leases: LeaseKeeper;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the accounts of one program, on one database and with one bound on connections. */
export class AccountMaker {
  readonly api: ApiIdentity;
  /** `undefined` for Telegram's own. */
  readonly server: ServerOptions | undefined;
  readonly #options: AccountMakerOptions;
  readonly #budget: ConnectionBudget;

  constructor(options: AccountMakerOptions) {
    const { config } = options;
    const { apiId: id, apiHash: hash, server } = config.telegram;
    this.#options = options;
    this.api = { id, hash };
    this.server = server;
    this.#budget = new ConnectionBudget(config.limits.accounts.fileConnections);
  }

  /** Those of the configuration, by name. */
  configured(): ReadonlyMap<AccountName, Account> {
    const { accounts } = this.#options.config;
    return new Map(
      Object.entries(accounts).map(([key, { device, rotation }]) => {
        const name = parseAccountName(key);
        return [name, this.make(name, definedOf(device), rotation.enabled ? rotation.afterMs : null)];
      }),
    );
  }

  make(name: AccountName, device: Partial<Device> = {}, rotateAfterMs: number | null = null): Account {
    const { config, storage, leases, logger, clock, events } = this.#options;
    return createAccount({
      ...{ name, api: this.api, device, storage, logger, clock, budget: this.#budget, rotateAfterMs },
      ...definedOf({ server: this.server }),
      commit: events.commitOf(name),
      tell: events.tell,
      takeSession: (account, signal, wait) =>
        leases.take(account, {
          waitMs: wait === undefined ? config.storage.lease.waitMs : Number.POSITIVE_INFINITY,
          signal,
          ...definedOf({ onWait: wait?.onWait }),
        }),
    });
  }
}
