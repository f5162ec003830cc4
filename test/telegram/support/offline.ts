import {
  type AccountRef,
  parseAccountName,
  parseUserId,
  TelegraphistError,
} from "../../../runtime/contract/index.ts";
import { createHandClock, type HandClock } from "../../../runtime/scope/index.ts";
import { openStorage, type Storage } from "../../../runtime/storage/index.ts";
import { PeerResolver } from "../../../runtime/telegram/peers/peer-resolver.ts";
import type { RpcPort } from "../../../runtime/telegram/rpc-port.ts";
import { createKey, createVault } from "../../../runtime/vault/index.ts";
import { createLogger, type Logger } from "../../../telemetry/index.ts";

/** An account whose line is down, over a database in memory: what it knows, it knows without Telegram. */
export interface OfflineAccount extends AsyncDisposable {
  readonly rpc: RpcPort;
  readonly storage: Storage;
  readonly clock: HandClock;
  readonly peers: PeerResolver;
  readonly logger: Logger;
  /** Lines of the log. */
  readonly lines: readonly string[];
  /** Class names of the requests that the line did not take. */
  readonly refused: readonly string[];
}

export async function openOffline(): Promise<OfflineAccount> {
  const key = createKey();
  const clock = createHandClock(2_000_000);
  const vault = createVault({ keys: [key], activeKeyId: key.id });
  const storage = await openStorage({ path: ":memory:", vault, now: () => clock.now() });
  const lines: string[] = [];
  const refused: string[] = [];
  const logger = createLogger({ write: (line) => lines.push(line) });
  const account: AccountRef = { name: parseAccountName("me"), userId: parseUserId("1") };
  const refuse = async (request: { readonly className: string }) => {
    refused.push(request.className);
    throw new TelegraphistError({
      code: "ACCOUNT_OFFLINE",
      category: "NETWORK",
      message: "Cannot call: the line is down",
      retryable: true,
    });
  };
  const rpc: RpcPort = {
    account,
    dataCentreId: 2,
    invoke: refuse,
    invokeOn: (_id, request) => refuse(request),
  };
  return {
    rpc,
    storage,
    clock,
    peers: new PeerResolver({ rpc, storage, clock, logger }),
    logger,
    lines,
    refused,
    [Symbol.asyncDispose]: () => storage.close(),
  };
}
