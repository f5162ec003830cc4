import { errorTypeOf, instruments, type Logger, span, spanNames } from "../../telemetry/index.ts";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { orAborted } from "./abortable.ts";
import type { AccountOptions } from "./account-face.ts";
import type { ConnectionOptions, MtprotoConnection } from "./connection.ts";
import { homeMigrationOf } from "./errors.ts";
import { Api } from "./gramjs.ts";
import type { Successor } from "./handover.ts";
import type { HeldSession } from "./held-session.ts";
import { unknownAnswer, userOf } from "./login-outcome.ts";
import { orPassword } from "./password-step.ts";
import { movedMeanwhile, needsPassword, passwordRefused, spareLeft, timedOut } from "./rotation-errors.ts";
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

/** Both together are less than the admin API has for an answer. */
const renewTimeoutMs = 40_000;
const endTimeoutMs = 10_000;
/** Of the first call: so it is told in time that the account is offline. */
const firstAnswerTimeoutMs = 20_000;
/** A token is good for half a minute, which the wait for its acceptance may outlast. */
const maxTokens = 2;

/**
 * Gives an account a session with a new key, without a person: the one until now accepts the login of the next
 * (core.telegram.org/api/qr-login), whose password of two-step verification is the one that its owner left here. The key
 * is a spare one on disk before it is anybody's at Telegram, and trades places with the former one in one transaction:
 * whatever ends the program, the account has one session, and the other is among the spare ones that are to be ended.
 * There is one spare session at most: while one is left, no rotation begins.
 *
 * @throws {TelegraphistError} `ROTATION_SPARE_LEFT`, `ROTATION_NEEDS_PASSWORD`, `ROTATION_PASSWORD_REFUSED`,
 * `ROTATION_TIMEOUT`, `HANDOVER_FAILED`, what Telegram or the database refuses; the session is the former one then
 */
export async function rotateSession(rotation: Rotation, signal: AbortSignal): Promise<void> {
  const { logger, options } = rotation;
  const account = options.name;
  using limit = timeLimit(rotation, signal);
  try {
    await requireNoSpare(rotation, limit.signal);
    try {
      await makeSuccessor(rotation, limit.signal);
      logger.info("The session was renewed");
    } finally {
      await endNow(rotation, signal);
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
    await endSpareSessions(rotation, AbortSignal.any([signal, AbortSignal.timeout(endTimeoutMs)]));
  } catch (error) {
    rotation.logger.warn("A session beside the account's own could not be ended yet", { error });
  }
}

function makeSuccessor(rotation: Rotation, bounded: AbortSignal): Promise<void> {
  return span(spanNames.rotate, { root: true }, async (active) => {
    const { held, hooks, options, takeOver } = rotation;
    const { clock, name, storage } = options;
    const session = held.inUse;
    await requirePassword(rotation, bounded);
    const home = session.mainDataCentreId;
    const broken = Promise.withResolvers<TelegraphistError>();
    const connection = await held.open(session, home, null, { ...hooks, onBroken: broken.resolve }, bounded);
    let keeping: Promise<void> | null = null;
    const commit = async () => {
      // Whoever gave up before this has the next session ended.
      bounded.throwIfAborted();
      if (session.mainDataCentreId !== home) throw movedMeanwhile(home);
      keeping = session.succeed(connection.authKey, clock.now());
      await keeping;
    };
    try {
      await storage.spareKeys.replace(name, new Map([[home, connection.authKey]]));
      active.event("key made");
      await haveAccepted(connection, rotation, bounded);
      active.event("login accepted");
      await logIn(connection, rotation, bounded);
      active.event("logged in");
      await orAborted(takeOver({ connection, broken, commit }), bounded);
    } catch (error) {
      // What is being written when time is up is waited for: it says which of the two sessions is the spare one.
      if (await isDone(keeping)) return;
      await connection.close();
      throw hasMoved(error) ? movedMeanwhile(home) : error;
    }
  });
}

async function isDone(writing: Promise<void> | null): Promise<boolean> {
  try {
    await writing;
    return writing !== null;
  } catch {
    return false;
  }
}

/** Nothing is begun for which the password would be missing. */
async function requirePassword({ options, rpc }: Rotation, signal: AbortSignal): Promise<void> {
  const call = { signal, timeoutMs: firstAnswerTimeoutMs };
  const { hasPassword } = await rpc.invoke(new Api.account.GetPassword(), call);
  if (hasPassword === true) await storedPassword(options);
}

/** @throws {TelegraphistError} `ROTATION_NEEDS_PASSWORD` */
async function storedPassword({ name, storage }: Rotation["options"]): Promise<string> {
  const password = await storage.accountPasswords.load(name);
  if (password === null) throw needsPassword(name);
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

/** Has the session until now accept the login over the connection. */
async function haveAccepted(
  connection: MtprotoConnection,
  rotation: Rotation,
  signal: AbortSignal,
): Promise<void> {
  for (let tokens = 1; ; tokens += 1) {
    const answer = await askToken(connection, rotation, signal);
    if (!(answer instanceof Api.auth.LoginToken)) throw unknownAnswer(answer.className);
    try {
      await rotation.rpc.invoke(new Api.auth.AcceptLoginToken({ token: answer.token }), { signal });
      return;
    } catch (error) {
      if (tokens >= maxTokens || !hasCode(error, "AUTH_TOKEN_EXPIRED")) throw error;
    }
  }
}

/** Fetches the login that was accepted, and sees that it is good. */
async function logIn(connection: MtprotoConnection, rotation: Rotation, signal: AbortSignal): Promise<void> {
  const { held, options } = rotation;
  const answers = {
    // The same answer to another question about the same password may do: `SRP_ID_INVALID`.
    password: async ({ problem }: { readonly problem: { readonly code: string } | null }) => {
      if (problem?.code === "PASSWORD_HASH_INVALID") throw passwordRefused(options.name);
      return storedPassword(options);
    },
  };
  const line = {
    invoke: <R extends Api.AnyRequest>(request: R, bounded: AbortSignal) => connection.send(request, bounded),
  };
  const user = await orPassword(line, answers, signal, async () => {
    const answer = await askToken(connection, rotation, signal);
    if (answer instanceof Api.auth.LoginTokenSuccess) return userOf(answer.authorization);
    if (answer instanceof Api.auth.LoginTokenMigrateTo) throw movedMeanwhile(connection.dataCentreId);
    throw unknownAnswer(answer.className);
  });
  if (user.id.toString() !== held.ref.userId) throw unknownAnswer("another person");
  await connection.send(new Api.updates.GetState(), signal);
}

/** Aborted when time is up, with `ROTATION_TIMEOUT`, or with the signal. */
function timeLimit(
  { options: { clock, name } }: Rotation,
  signal: AbortSignal,
): Disposable & { signal: AbortSignal } {
  const late = new AbortController();
  const timer = new AbortController();
  clock.sleep(renewTimeoutMs, { signal: timer.signal }).then(
    () => late.abort(timedOut(name, renewTimeoutMs)),
    // The rotation was in time.
    () => undefined,
  );
  return { signal: AbortSignal.any([signal, late.signal]), [Symbol.dispose]: () => timer.abort() };
}

function hasMoved(error: unknown): boolean {
  return error instanceof TelegraphistError && homeMigrationOf(error) !== null;
}
