import { attributeNames, type Logger } from "../../telemetry/index.ts";
import type { AccountOptions } from "./account-face.ts";
import type { AccountParts } from "./account-parts.ts";
import type { ConnectionOptions } from "./connection.ts";
import type { Api } from "./gramjs.ts";
import { heedingFloods } from "./heeding-floods.ts";
import type { HeldSession } from "./held-session.ts";
import { moveHome } from "./move-home.ts";
import type { AccountSession } from "./session.ts";
import { verifySession } from "./session-life.ts";
import type { StateTeller } from "./state-teller.ts";
import { Supervisor } from "./supervisor.ts";

/** An account that is about to come online. */
export interface SupervisedAccount {
  readonly options: AccountOptions;
  readonly parts: AccountParts;
  readonly held: HeldSession;
  readonly session: AccountSession;
  readonly teller: StateTeller;
  readonly logger: Logger;
}

/** Makes what keeps the account's connection alive; nothing is connected yet. */
export function superviseAccount(account: SupervisedAccount): Supervisor {
  const { held, logger, options, parts, session, teller } = account;
  const { clock, name } = options;
  const hooks = hooksOfHome(parts, logger);
  parts.peers.renew();
  const supervisor = new Supervisor({
    open: (onBroken, signal) => {
      const home = session.mainDataCentreId;
      return heedingFloods(parts.gate, () =>
        held.open(session, home, session.authKey(home), { ...hooks, onBroken }, signal),
      );
    },
    verify: (connection, signal) =>
      heedingFloods(parts.gate, () => verifySession(session, connection, signal, { clock, logger })),
    move: async (from, dataCentreId, signal) => {
      const open = (bounded: AbortSignal) =>
        held.open(session, dataCentreId, null, { onBroken: () => undefined }, bounded);
      await moveHome({ session, from, dataCentreId, open }, signal);
      parts.peers.renew();
    },
    frozen: () => parts.gate.frozen(),
    catchUp: () => parts.engine.catchUp(teller.wasOnline ? "reconnect" : "start"),
    onState: (state) => {
      teller.tell(state);
      if (state.state === "logged-out") void held.end();
    },
    clock,
    attributes: { [attributeNames.account]: name },
  });
  const { lost } = held.hold;
  lost.addEventListener("abort", () => supervisor.learn(lost.reason), { once: true });
  return supervisor;
}

/** What the account takes in over the connection that brings its updates. */
export function hooksOfHome(
  { engine }: Pick<AccountParts, "engine">,
  logger: Logger,
): Pick<ConnectionOptions, "onUpdates" | "onUnreadable" | "onNewSession"> {
  return {
    onUpdates: (updates: Api.TypeUpdates) => engine.push(updates),
    onUnreadable: (constructorId) => {
      logger.warn("A message is newer than this program and is fetched in another form", { constructorId });
      engine.suspect("unreadable");
    },
    onNewSession: () => engine.suspect("session"),
  };
}
