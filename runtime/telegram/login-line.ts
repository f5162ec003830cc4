import type { MtprotoConnection } from "./connection.ts";
import type { Api } from "./gramjs.ts";
import type { LoginPort } from "./login.ts";
import type { RpcClient } from "./rpc-client.ts";
import type { AccountSession } from "./session.ts";

export interface LoginLineOptions {
  readonly session: AccountSession;
  readonly rpc: RpcClient;
  readonly open: (
    dataCentreId: number,
    authKey: Uint8Array | null,
    signal: AbortSignal,
  ) => Promise<MtprotoConnection>;
}

/** The connection that a login goes over: made when it is needed, and made anew in another data centre. */
export class LoginLine implements LoginPort {
  readonly #options: LoginLineOptions;
  #connection: MtprotoConnection | null = null;

  constructor(options: LoginLineOptions) {
    this.#options = options;
  }

  /** One step at a time, as the next depends on its answer. */
  async use<T>(signal: AbortSignal, run: (connection: MtprotoConnection) => Promise<T>): Promise<T> {
    const { open, session } = this.#options;
    if (this.#connection?.isOpen !== true) {
      const home = session.mainDataCentreId;
      this.#connection = await open(home, session.authKey(home), signal);
      await session.setAuthKey(home, this.#connection.authKey);
    }
    return run(this.#connection);
  }

  invoke<R extends Api.AnyRequest>(request: R, signal: AbortSignal): Promise<R["__response"]> {
    return this.#options.rpc.invoke(request, { signal });
  }

  async moveTo(dataCentreId: number): Promise<void> {
    await this.close();
    await this.#options.session.moveTo(dataCentreId);
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    this.#connection = null;
  }
}
