import { TelegraphistError } from "../contract/index.ts";
import { Api } from "./gramjs.ts";

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
