import type { TelegraphistError } from "../contract/index.ts";
import type { ConnectionOptions, MtprotoConnection } from "./connection.ts";
import { isLoggedOut } from "./errors.ts";
import { Api } from "./gramjs.ts";
import type { Successor } from "./handover.ts";
import type { LoginPort } from "./login-port.ts";
import type { RpcClient } from "./rpc-client.ts";
import type { AccountSession } from "./session.ts";

export interface LoginLineOptions {
  readonly session: AccountSession;
  readonly rpc: RpcClient;
  readonly open: (
    dataCentreId: number,
    authKey: Uint8Array | null,
    hooks: Pick<ConnectionOptions, "onBroken" | "onUpdates">,
    signal: AbortSignal,
  ) => Promise<MtprotoConnection>;
}

/**
 * The connection of an account that is not started: made when it is needed, and made anew in another data centre. A login
 * goes over it, and so does a question to Telegram in between.
 */
export class LoginLine implements LoginPort {
  readonly #options: LoginLineOptions;
  #connection: MtprotoConnection | null = null;
  #scan = Promise.withResolvers<void>();
  #end: TelegraphistError | null = null;

  constructor(options: LoginLineOptions) {
    this.#options = options;
  }

  /** Telegram's word that the session is over; `null` while it has not said so. */
  get end(): TelegraphistError | null {
    return this.#end;
  }

  /** Takes in what a call was told. @returns `false`, as a call that failed finds no other connection */
  learn(error: TelegraphistError): boolean {
    // What a key hears before it is logged in ends nothing.
    if (isLoggedOut(error) && this.#options.session.isStored) this.#end ??= error;
    return false;
  }

  /** One step at a time, as the next depends on its answer. */
  async use<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T> {
    const { open, session } = this.#options;
    if (this.#connection?.isOpen !== true) {
      const home = session.mainDataCentreId;
      const hooks = {
        onBroken: () => undefined,
        onUpdates: (updates: Api.TypeUpdates) => this.#look(updates),
      };
      this.#connection = await open(home, session.authKey(home), hooks, signal);
      await session.setAuthKey(home, this.#connection.authKey);
    }
    return run(this.#connection);
  }

  invoke<R extends Api.AnyRequest>(request: R, signal: AbortSignal): Promise<R["__response"]> {
    return this.#options.rpc.invoke(request, { signal });
  }

  async moveTo(dataCentreId: number, authKey?: Uint8Array): Promise<void> {
    await this.close();
    const { session } = this.#options;
    await session.moveTo(dataCentreId);
    if (authKey !== undefined) await session.setAuthKey(dataCentreId, authKey);
  }

  nextScan(): Promise<void> {
    this.#scan = Promise.withResolvers();
    return this.#scan.promise;
  }

  /** Has another session take the place of this one, which nobody uses at present. */
  async giveWay({ commit, connection }: Successor): Promise<void> {
    await this.close();
    await commit();
    await connection.close();
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    this.#connection = null;
  }

  #look(updates: Api.TypeUpdates): void {
    if (updates instanceof Api.UpdateShort && updates.update instanceof Api.UpdateLoginToken) {
      this.#scan.resolve();
    }
  }
}
