import type { Logger } from "../../telemetry/index.ts";
import type { Clock, User } from "../contract/index.ts";
import type { AccountOptions } from "./account-face.ts";
import type { MtprotoConnection } from "./connection.ts";
import { defaultDevice } from "./default-device.ts";
import type { FloodGate } from "./flood/flood-gate.ts";
import { Api } from "./gramjs.ts";
import { logIn } from "./login.ts";
import type { LoginPort } from "./login-port.ts";
import type { LoginWay } from "./login-prompts.ts";
import { mapUser } from "./mapping/user.ts";
import { logInByQr } from "./qr-login.ts";
import { AccountSession } from "./session.ts";
import { logInByString } from "./string-login.ts";

/** A session without a person yet, in the data centre that is asked first. */
export function beginSession(
  { name, device, storage, clock }: AccountOptions,
  mainDataCentreId: number,
): AccountSession {
  return AccountSession.begin(storage.sessions, {
    account: name,
    device: { ...defaultDevice, ...device },
    mainDataCentreId,
    nowMs: clock.now(),
  });
}

/**
 * Makes a session a person's. What is kept of another person, whose session the account had before, is forgotten.
 *
 * @param known the session of before; `null` when there was none
 * @throws {TelegraphistError} what `logIn`, `logInByQr`, or `logInByString` throws
 */
export async function logInto(
  session: AccountSession,
  known: AccountSession | null,
  line: LoginPort,
  way: LoginWay,
  options: AccountOptions & { readonly gate: FloodGate },
): Promise<User> {
  const { clock, gate, name, storage } = options;
  await gate.load();
  const user = mapUser(await enter(line, way, options));
  const isAnother = known?.userId !== user.id;
  // Another person's numbers would hide this one's updates.
  if (isAnother) await storage.updateStates.clear(name);
  // A login anew is no way round what Telegram said of the same person.
  if (isAnother && known !== null) await gate.forget();
  await session.logIn(user.id, clock.now());
  return user;
}

function enter(line: LoginPort, way: LoginWay, options: AccountOptions): Promise<Api.User> {
  const { api, clock } = options;
  if ("sessionString" in way) return logInByString(line, way, options);
  return "showQr" in way ? logInByQr(line, way, api, clock) : logIn(line, way, options);
}

/** Only an answer of the 401 family says that the session is over; any other failure says nothing about it. */
export async function verifySession(
  session: AccountSession,
  connection: MtprotoConnection,
  signal: AbortSignal,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> {
  await connection.send(new Api.updates.GetState(), signal);
  try {
    await session.verify(clock.now());
  } catch (error) {
    logger.warn("The session's last use could not be saved", { error });
  }
}
