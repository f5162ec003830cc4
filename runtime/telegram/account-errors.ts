import { type AccountName, TelegraphistError } from "../contract/index.ts";

/** There is nothing to start with: no session was ever made, or Telegram has ended it. */
export function noSession(name: AccountName, hasEnded: boolean): TelegraphistError {
  const state = hasEnded ? "its session is over" : "it has no session";
  return new TelegraphistError({
    code: "ACCOUNT_NO_SESSION",
    category: "AUTH",
    message: `Cannot use the account "${name}" as ${state}: run "telegraphist login ${name}"`,
    data: { account: name, hasEnded },
  });
}

/** The database has lost a part of the session. */
export function keyMissing(name: AccountName): TelegraphistError {
  return new TelegraphistError({
    code: "SESSION_KEY_MISSING",
    category: "STORAGE",
    message:
      `Cannot use the session of "${name}" as its key is not in the database, or does not open: restore a backup, or log in anew by ` +
      `"telegraphist login ${name}" and end the lost session in Telegram's list of devices`,
    data: { account: name },
  });
}

/** A session is there that a login would put aside. */
export function alreadyLoggedIn(name: AccountName): TelegraphistError {
  return new TelegraphistError({
    code: "ACCOUNT_LOGGED_IN",
    category: "AUTH",
    message: `Cannot log the account "${name}" in: it has a session, end that first by "telegraphist sessions revoke ${name}"`,
    data: { account: name },
  });
}

/** What is asked for needs the account to rest. */
export function alreadyRunning(name: AccountName, action: string): TelegraphistError {
  return new TelegraphistError({
    code: "ACCOUNT_RUNNING",
    category: "INVALID",
    message: `Cannot ${action} the account "${name}": it is running`,
    data: { account: name },
  });
}

/** A call came before `start()` or after `stop()`. */
export function notStarted(name: AccountName): TelegraphistError {
  return new TelegraphistError({
    code: "ACCOUNT_NOT_STARTED",
    category: "INVALID",
    message: `Cannot use the account "${name}": it is not started`,
    data: { account: name },
  });
}
