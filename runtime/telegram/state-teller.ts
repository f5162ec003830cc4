import { attributeNames, instruments, type Logger, spanEvent, spanNames } from "../../telemetry/index.ts";
import type { AccountRef, AccountStateChanged, Disposer, TelegraphistEvent } from "../contract/index.ts";
import { changeOf, eventsOf, type ToldConnection, toldBy } from "./account-events.ts";
import { type AccountState, errorOf } from "./account-state.ts";
import { stateLine } from "./state-line.ts";

export interface StateTellerOptions {
  readonly account: () => AccountRef;
  /** The state before the first change. */
  readonly first: AccountState;
  /** Told every change. @default nobody is */
  readonly onChange?: ((change: AccountStateChanged) => void) | undefined;
  /** Told what plugins have to know of it, be it later. */
  readonly onEvent: (event: TelegraphistEvent) => void;
  readonly logger: Logger;
}

/** Holds an account's state and tells its changes: as events, to listeners, in the log, and as figures. */
export class StateTeller {
  readonly #options: StateTellerOptions;
  readonly #listeners = new Set<(state: AccountState) => void>();
  #state: AccountState;
  #told: ToldConnection = "never";

  constructor(options: StateTellerOptions) {
    this.#options = options;
    this.#state = options.first;
  }

  /** The last that was told. */
  get state(): AccountState {
    return this.#state;
  }

  /** Whether the account has been online since it was made. */
  get wasOnline(): boolean {
    return this.#told !== "never";
  }

  onState(listener: (state: AccountState) => void): Disposer {
    // An entry of its own, so that one function given twice is told twice and taken back once.
    const entry = (state: AccountState) => listener(state);
    this.#listeners.add(entry);
    return async () => void this.#listeners.delete(entry);
  }

  tell(state: AccountState): void {
    const { account, logger, onChange, onEvent } = this.#options;
    const before = this.#state;
    this.#state = state;
    const { name } = account();
    instruments.accountStates.add(1, { account: name, state: state.state });
    const attributes = {
      [attributeNames.account]: name,
      [attributeNames.accountState]: state.state,
      [attributeNames.errorType]: errorOf(state)?.code,
    };
    spanEvent("account state", attributes, spanNames.state);
    const { level, message, fields } = stateLine(name, state);
    logger[level](message, fields);
    onChange?.(changeOf(account(), before, state));
    for (const event of eventsOf(account(), state, this.#told)) onEvent(event);
    this.#told = toldBy(state, this.#told);
    for (const listener of this.#listeners) {
      try {
        listener(state);
      } catch (error) {
        logger.error("A listener for the account's state failed", { error });
      }
    }
  }
}
