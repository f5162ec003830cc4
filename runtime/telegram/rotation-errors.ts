import { TelegraphistError } from "../contract/index.ts";

/** @param cause why it cannot be ended */
export function spareLeft(name: string, cause: unknown): TelegraphistError {
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

export function needsPassword(name: string): TelegraphistError {
  return new TelegraphistError({
    code: "ROTATION_NEEDS_PASSWORD",
    category: "AUTH",
    message:
      `Cannot renew the session of "${name}" as the account has two-step verification: ` +
      `leave its password by "telegraphist sessions password ${name}", or log in anew by hand`,
    data: { account: name },
  });
}

export function passwordRefused(name: string): TelegraphistError {
  return new TelegraphistError({
    code: "ROTATION_PASSWORD_REFUSED",
    category: "AUTH",
    message:
      `Cannot renew the session of "${name}" as its password of two-step verification is another by now: ` +
      `give it by "telegraphist sessions password ${name}"`,
    data: { account: name },
  });
}

export function timedOut(name: string, timeoutMs: number): TelegraphistError {
  return new TelegraphistError({
    code: "ROTATION_TIMEOUT",
    category: "NETWORK",
    retryable: true,
    message: `Cannot renew the session of "${name}": not done in ${timeoutMs} ms`,
    data: { account: name },
  });
}

export function movedMeanwhile(dataCentreId: number): TelegraphistError {
  return new TelegraphistError({
    code: "HANDOVER_FAILED",
    category: "NETWORK",
    retryable: true,
    message: `Cannot go over to the next session: the account has left data centre ${dataCentreId}`,
  });
}
