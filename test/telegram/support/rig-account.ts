import type { Telegram } from "../../../runtime/contract/index.ts";
import { parseAccountName, parseUserId } from "../../../runtime/contract/index.ts";
import type { RpcHandlers } from "../../../runtime/emulator/methods/rpc.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import type { Storage } from "../../../runtime/storage/index.ts";
import { FloodGate } from "../../../runtime/telegram/flood/flood-gate.ts";
import type { Api } from "../../../runtime/telegram/gramjs.ts";
import { createTelegram } from "../../../runtime/telegram/operations/create-telegram.ts";
import { PeerResolver } from "../../../runtime/telegram/peers/peer-resolver.ts";
import { RpcClient } from "../../../runtime/telegram/rpc-client.ts";
import type { RpcPort } from "../../../runtime/telegram/rpc-port.ts";
import { silent, startMtprotoRig } from "./mtproto-rig.ts";
import { memoryStorage } from "./storage.ts";

/** An account's `Telegram` over TCP to an MTProto server that has just the methods which a test gives it. */
export interface RigAccount extends AsyncDisposable {
  readonly rpc: RpcPort;
  readonly telegram: Telegram;
  readonly peers: PeerResolver;
  readonly storage: Storage;
  /** What the operations gave on as updates. */
  readonly published: readonly Api.TypeUpdates[];
  /** The data centres that files were asked of, in order. */
  readonly fileCentres: readonly number[];
}

export async function openRigAccount(handlers: RpcHandlers): Promise<RigAccount> {
  const stack = new AsyncDisposableStack();
  const rig = stack.use(startMtprotoRig(handlers));
  const connection = await rig.connect();
  const storage = stack.use(await memoryStorage());
  const account = { name: parseAccountName("me"), userId: parseUserId("1") };
  const published: Api.TypeUpdates[] = [];
  const fileCentres: number[] = [];
  const clock = systemClock;
  const rpc = new RpcClient({
    account: () => account,
    dataCentreId: () => 2,
    clock,
    onError: () => false,
    gate: new FloodGate({
      account: () => account,
      waits: storage.floodWaits,
      clock,
      logger: silent,
      onEvent: () => undefined,
    }),
    connections: {
      offlineReason: () => null,
      useMain: (_signal, run) => run(connection),
      useOther: (dataCentreId, _signal, run) => {
        fileCentres.push(dataCentreId);
        return run(connection);
      },
    },
  });
  const peers = new PeerResolver({ rpc, storage, clock, logger: silent });
  const telegram = createTelegram({
    rpc,
    peers,
    clock,
    sentMessages: storage.sentMessages,
    onUpdates: (updates) => void published.push(updates),
  });
  return {
    rpc,
    telegram,
    peers,
    storage,
    published,
    fileCentres,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
