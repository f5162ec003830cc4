import type { Logger } from "../../telemetry/index.ts";
import type { ChatId, Telegram, TelegraphistError, TelegraphistEvent } from "../contract/index.ts";
import type { AccountOptions } from "./account-face.ts";
import { UpdateEngine } from "./engine/update-engine.ts";
import { FloodGate } from "./flood/flood-gate.ts";
import { Api } from "./gramjs.ts";
import type { HeldSession } from "./held-session.ts";
import { createTelegram } from "./operations/create-telegram.ts";
import { OtherConnections } from "./other-connections.ts";
import { PeerResolver } from "./peers/peer-resolver.ts";
import { type ConnectionSource, RpcClient } from "./rpc-client.ts";
import { createUpdateTranslator, type UpdateTranslator } from "./updates/update-translator.ts";

/** What the parts ask of the account whose they are. */
export interface AccountLife extends Pick<ConnectionSource, "useMain" | "offlineReason"> {
  readonly held: HeldSession;
  readonly logger: Logger;
  /** Told every error that Telegram answered; says whether the account moves for it. */
  onError(error: TelegraphistError): boolean;
}

/** What an account is made of; nothing of it connects by itself. */
export interface AccountParts {
  readonly gate: FloodGate;
  readonly rpc: RpcClient;
  readonly others: OtherConnections;
  readonly peers: PeerResolver;
  readonly engine: UpdateEngine;
  readonly translator: UpdateTranslator;
  readonly telegram: Telegram;
}

/** Fits an account's parts together. */
export function wireAccount(options: AccountOptions, life: AccountLife): AccountParts {
  const { clock, name, storage } = options;
  const { held, logger } = life;
  const account = () => held.ref;
  const gate = new FloodGate({
    account,
    waits: storage.floodWaits,
    clock,
    logger,
    hasWritten: (chatId, signal) => hasWritten(telegram, chatId, signal),
    onEvent: (event: TelegraphistEvent) => engine.pushEvent(event),
  });
  const others = new OtherConnections({
    session: () => held.inUse,
    open: (id, authKey, onBroken, signal) => held.open(held.inUse, id, authKey, { onBroken }, signal),
    exportAuthorization: (dcId, signal) => rpc.invoke(new Api.auth.ExportAuthorization({ dcId }), { signal }),
    budget: options.budget,
    clock,
  });
  const rpc: RpcClient = new RpcClient({
    account,
    dataCentreId: () => held.dataCentreId,
    connections: {
      useMain: (signal, run) => life.useMain(signal, run),
      useOther: (id, signal, run) => others.use(id, signal, run),
      offlineReason: () => life.offlineReason(),
    },
    gate,
    clock,
    onError: (error) => life.onError(error),
  });
  const peers = new PeerResolver({ rpc, storage, clock, logger });
  const translator = createUpdateTranslator({ rpc, peers, logger });
  const engine = new UpdateEngine({
    account: name,
    rpc,
    peers: peers.store,
    translator,
    states: storage.updateStates,
    commit: options.commit,
    clock,
    logger,
  });
  const telegram = createTelegram({
    rpc,
    peers,
    clock,
    sentMessages: storage.sentMessages,
    onUpdates: (updates) => engine.push(updates),
  });
  return { gate, rpc, others, peers, engine, translator, telegram };
}

/** Looks at the latest messages of a private chat; one of the other side makes an answer of what goes there. */
async function hasWritten(telegram: Telegram, chatId: ChatId, signal: AbortSignal): Promise<boolean> {
  const { messages } = await telegram.history(chatId, { signal });
  return messages.some(({ direction }) => direction === "incoming");
}
