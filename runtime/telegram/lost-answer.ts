import { hasCode } from "../contract/index.ts";
import { Api } from "./gramjs.ts";
import { personOf } from "./login-outcome.ts";
import type { LoginPort } from "./login-port.ts";

type Port = Pick<LoginPort, "invoke">;

/** Answers of one step that may be lost. */
const maxLosses = 3;

/**
 * Runs a step that logs the connection's key in. Where its answer is lost, Telegram is asked whom the key speaks for: a
 * code is good once, so that the step cannot be repeated when it was carried out, and its session would be nobody's.
 *
 * @param undone what the key hears while the step is not carried out: it is run again then
 */
export async function orSelf(
  port: Port,
  signal: AbortSignal,
  undone: "AUTH_KEY_UNREGISTERED" | "SESSION_PASSWORD_NEEDED",
  step: () => Promise<Api.User>,
): Promise<Api.User> {
  for (let losses = 1; ; losses += 1) {
    try {
      return await step();
    } catch (error) {
      if (!hasCode(error, "CONNECTION_LOST") || losses > maxLosses) throw error;
    }
    try {
      return await selfOf(port, signal);
    } catch (error) {
      if (!hasCode(error, undone)) throw error;
    }
  }
}

/** Whom the connection's key speaks for. @throws {TelegraphistError} `LOGIN_BOT`, and Telegram's own names */
export async function selfOf(port: Port, signal: AbortSignal): Promise<Api.User> {
  const [self] = await port.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }), signal);
  return personOf(self);
}
