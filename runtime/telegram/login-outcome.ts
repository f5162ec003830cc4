import { TelegraphistError } from "../contract/index.ts";
import { Api } from "./gramjs.ts";
import { maxAttempts } from "./login-port.ts";

/** Who is logged in now. @throws {TelegraphistError} `SIGN_UP_REQUIRED`, `LOGIN_UNSUPPORTED`, `LOGIN_BOT` */
export function userOf(authorization: Api.auth.TypeAuthorization): Api.User {
  if (authorization instanceof Api.auth.AuthorizationSignUpRequired) throw signUpRequired();
  return personOf(authorization.user);
}

/** @throws {TelegraphistError} `LOGIN_BOT`, or `LOGIN_UNSUPPORTED` for one that is not there */
export function personOf(user: Api.TypeUser | undefined): Api.User {
  if (!(user instanceof Api.User)) throw unknownAnswer(user?.className ?? "nobody");
  if (user.bot === true) throw loginOfBot();
  return user;
}

function signUpRequired(): TelegraphistError {
  return new TelegraphistError({
    code: "SIGN_UP_REQUIRED",
    category: "AUTH",
    message: "Cannot log in as the number has no Telegram account: sign up in an official app first",
  });
}

function loginOfBot(): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_BOT",
    category: "AUTH",
    message: "Cannot log in as a bot: give a session of a person's account",
  });
}

export function unknownAnswer(className: string): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_UNSUPPORTED",
    category: "AUTH",
    message: `Cannot log in: Telegram answered "${className}", log in with an official app once and try again`,
  });
}

/** Telegram sends no code to an account's phone before it has an address for them. */
export function emailWanted(): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_UNSUPPORTED",
    category: "AUTH",
    message:
      "Cannot log in as Telegram wants an e-mail address for login codes first: " +
      "give it one in an official app, or log in by QR code",
  });
}

const afterwards = {
  numbers: "look yours up in Telegram on your phone, under Settings, and begin anew",
  codes: "begin anew, and give the code that Telegram sends then",
  passwords:
    "recall it, or reset it in an official app under Settings, Privacy and Security, Two-Step Verification, and begin anew",
} as const;

/** The last of the answers was not taken either; Telegram's name of the reason stays. */
export function triesUsedUp(cause: TelegraphistError, what: keyof typeof afterwards): TelegraphistError {
  const { code, category, data } = cause;
  return new TelegraphistError({
    ...{ code, category, data, cause },
    message: `Cannot log in as ${maxAttempts} ${what} were not taken: ${afterwards[what]}`,
  });
}

export function notScanned(): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_NOT_SCANNED",
    category: "AUTH",
    message: "Cannot log in as nobody scanned the code: begin anew, and scan it under Settings, Devices",
  });
}

export function movedInCircle(): TelegraphistError {
  return new TelegraphistError({
    code: "LOGIN_IN_CIRCLE",
    category: "AUTH",
    retryable: true,
    message: "Cannot log in as Telegram sends the login from one data centre to the next: try again later",
  });
}
