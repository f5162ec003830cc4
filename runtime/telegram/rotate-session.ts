import { errorTypeOf, instruments, type Logger, span, spanNames } from "../../telemetry/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import type { AccountOptions } from "./account-face.ts";
import type { ConnectionOptions, MtprotoConnection } from "./connection.ts";
import { Api } from "./gramjs.ts";
import type { Successor } from "./handover.ts";
import type { HeldSession } from "./held-session.ts";
import { unknownAnswer, userOf } from "./login-outcome.ts";
import { orPassword } from "./password-step.ts";
import type { RpcPort } from "./rpc-port.ts";
import { endSpareSessions } from "./spare-sessions.ts";

/** What a rotation works on. */
export interface Rotation {
  readonly options: Pick<AccountOptions, "api" | "clock" | "name" | "storage">;
  readonly held: HeldSession;
  /** Over the session until now, which vouches for the next. */
  readonly rpc: Pick<RpcPort, "invoke">;
  /** Of the next session's connection. */
  readonly hooks: Pick<ConnectionOptions, "onUpdates" | "onUnreadable" | "onNewSession">;
  /** Has the account go over to it, once no call is under way. */
  readonly takeOver: (successor: Successor) => Promise<void>;
  readonly logger: Logger;
}

/** Time for the whole of it: less than the admin API has for an answer. */
const rotationTimeoutMs = 50_000;

/**
 * Gives an account a session with a new key, without a person: the one until now accepts the login of the next
 * (core.telegram.org/api/qr-login), whose password of two-step verification is the one that its owner left here. The key
 * is a spare one on disk before it is anybody's at Telegram, and trades places with the former one in one transaction:
 * whatever ends the program, the account has one session, and the other is among the spare ones that are to be ended.
 * There is one spare session at most: while one is left, no rotation begins.
 *
 * @throws {TelegraphistError} `ROTATION_SPARE_LEFT`, `ROTATION_NEEDS_PASSWORD`, `ROTATION_PASSWORD_REFUSED`,
 * `HANDOVER_FAILED`, what Telegram or the database refuses; the session is the former one then
 */
export async function rotateSession(rotation: Rotation, signal: AbortSignal): Promise<void> {
  const { logger, options } = rotation;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(rotationTimeoutMs)]);
  const account = options.name;
  try {
    await requireNoSpare(rotation, bounded);
    try {
      await makeSuccessor(rotation, bounded);
      logger.info("The session was renewed");
    } finally {
      await endNow(rotation, bounded);
    }
    instruments.sessionRotations.add(1, { account, outcome: "done" });
  } catch (error) {
    instruments.sessionRotations.add(1, { account, outcome: errorTypeOf(error) });
    throw error;
  }
}

async function requireNoSpare(rotation: Rotation, signal: AbortSignal): Promise<void> {
  try {
    await endSpareSessions(rotation, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw spareLeft(rotation.options.name, cause);
  }
}

/** Whichever session is the spare one now; where that cannot be done at once, it is done before the next rotation. */
async function endNow(rotation: Rotation, signal: AbortSignal): Promise<void> {
  try {
    await endSpareSessions(rotation, signal);
  } catch (error) {
    rotation.logger.warn("A session beside the account's own could not be ended yet", { error });
  }
}

function makeSuccessor(rotation: Rotation, bounded: AbortSignal): Promise<void> {
  return span(spanNames.rotate, { root: true }, async (active) => {
    const { held, hooks, options, rpc, takeOver } = rotation;
    const { clock, name, storage } = options;
    const session = held.inUse;
    const home = session.mainDataCentreId;
    const password = await passwordFor(rotation, bounded);
    const broken = Promise.withResolvers<TelegraphistError>();
    const connection = await held.open(session, home, null, { ...hooks, onBroken: broken.resolve }, bounded);
    try {
      await storage.spareKeys.replace(name, new Map([[home, connection.authKey]]));
      active.event("key made");
      const token = await askToken(connection, rotation, bounded);
      if (!(token instanceof Api.auth.LoginToken)) throw unknownAnswer(token.className);
      await rpc.invoke(new Api.auth.AcceptLoginToken({ token: token.token }), { signal: bounded });
      active.event("login accepted");
      await logIn(connection, rotation, password, bounded);
      active.event("logged in");
      const commit = async () => {
        if (session.mainDataCentreId !== home) throw movedMeanwhile(home);
        await session.succeed(connection.authKey, clock.now());
      };
      await orAborted(takeOver({ connection, broken, commit }), bounded);
    } catch (error) {
      await connection.close();
      throw error;
    }
  });
}

/** The password that the next session has to give; `null` where the account has none. */
async function passwordFor({ options, rpc }: Rotation, signal: AbortSignal): Promise<string | null> {
  const { hasPassword } = await rpc.invoke(new Api.account.GetPassword(), { signal });
  if (hasPassword !== true) return null;
  const password = await options.storage.accountPasswords.load(options.name);
  if (password === null) throw needsPassword(options.name);
  return password;
}

function askToken(
  connection: MtprotoConnection,
  { options: { api } }: Rotation,
  signal: AbortSignal,
): Promise<Api.auth.TypeLoginToken> {
  const request = new Api.auth.ExportLoginToken({ apiId: api.id, apiHash: api.hash, exceptIds: [] });
  return connection.send(request, signal);
}

/** Fetches the login that was accepted, and sees that it is good. */
async function logIn(
  connection: MtprotoConnection,
  rotation: Rotation,
  password: string | null,
  signal: AbortSignal,
): Promise<void> {
  const { name } = rotation.options;
  const answers = {
    // The same answer to another question about the same password may do: `SRP_ID_INVALID`.
    password: async ({ problem }: { readonly problem: { readonly code: string } | null }) => {
      if (password === null) throw needsPassword(name);
      if (problem?.code === "PASSWORD_HASH_INVALID") throw passwordRefused(name);
      return password;
    },
  };
  const line = {
    invoke: <R extends Api.AnyRequest>(request: R, bounded: AbortSignal) => connection.send(request, bounded),
  };
  const user = await orPassword(line, answers, signal, async () => {
    const answer = await askToken(connection, rotation, signal);
    if (answer instanceof Api.auth.LoginTokenSuccess) return userOf(answer.authorization);
    throw unknownAnswer(answer.className);
  });
  if (user.id.toString() !== rotation.held.ref.userId) throw unknownAnswer("another person");
  await connection.send(new Api.updates.GetState(), signal);
}

function spareLeft(name: string, cause: unknown): TelegraphistError {
  const reason = cause instanceof TelegraphistError ? cause.code : "no answer";
  return new TelegraphistError({
    code: "ROTATION_SPARE_LEFT",
    category: "NETWORK",
    retryable: true,
    message:
      `Cannot renew the session of "${name}" as one that a renewal left is still to be ended: ${reason}, ` +
      "try again later, or end it in an official app under Settings, Devices",
    data: { account: name },
    cause,
  });
}

function needsPassword(name: string): TelegraphistError {
  return new TelegraphistError({
    code: "ROTATION_NEEDS_PASSWORD",
    category: "AUTH",
    message:
      `Cannot renew the session of "${name}" as the account has two-step verification: ` +
      `leave its password by "telegraphist sessions password ${name}", or log in anew by hand`,
    data: { account: name },
  });
}

function passwordRefused(name: string): TelegraphistError {
  return new TelegraphistError({
    code: "ROTATION_PASSWORD_REFUSED",
    category: "AUTH",
    message:
      `Cannot renew the session of "${name}" as its password of two-step verification is another by now: ` +
      `give it by "telegraphist sessions password ${name}"`,
    data: { account: name },
  });
}

function movedMeanwhile(dataCentreId: number): TelegraphistError {
  return new TelegraphistError({
    code: "HANDOVER_FAILED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot go over to the next session: the account has left data centre ${dataCentreId}`,
  });
}
