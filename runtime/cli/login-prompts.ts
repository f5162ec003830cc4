import { log, password, text } from "@clack/prompts";
import {
  type CodeAnswer,
  type CodeChannel,
  type LoginPrompts,
  loginAttempts,
  loginHint,
  type QrPrompts,
} from "../app/index.ts";
import type { ErrorRecord } from "../contract/index.ts";
import { answered } from "./answered.ts";
import { drawQr } from "./draw-qr.ts";
import type { Terminal } from "./terminal.ts";

/** The questions of a login by phone. @param options.knownPhone from the configuration, in place of the first question */
export function phonePrompts({
  knownPhone,
  signal,
}: {
  readonly knownPhone: string | undefined;
  readonly signal: AbortSignal;
}): LoginPrompts {
  let isKnownGiven = false;
  return {
    signal,
    password: (request) => askPassword(request, signal),
    phone({ problem }) {
      tell(problem);
      if (knownPhone !== undefined && !isKnownGiven) {
        isKnownGiven = true;
        return Promise.resolve(knownPhone);
      }
      return answered(
        text({
          message: "Phone number",
          placeholder: "+49 170 1234567",
          signal,
          validate: (value = "") =>
            /^\+?[\d\s()-]{7,20}$/.test(value)
              ? undefined
              : "Write it in international form, with the country's code",
        }),
      );
    },
    async code({ sentVia, nextVia, length, problem }): Promise<CodeAnswer> {
      tell(problem);
      const digits = length === null ? "" : ` of ${length} digits`;
      const another = nextVia === null ? "" : `r: another by ${channelNames[nextVia]}, `;
      const answer = await answered(
        text({
          message: `Code${digits}, sent by ${whereCodesCome[sentVia]}`,
          placeholder: `(${another}n: another number)`,
          signal,
          validate: (value = "") => (value.trim() === "" ? "Type the code" : undefined),
        }),
      );
      const word = answer.trim().toLowerCase();
      if (word === "r") return { instead: "another-code" };
      return word === "n" ? { instead: "another-phone" } : answer;
    },
  };
}

/** A QR code that is drawn anew in its place, and the password where Telegram then wants it. */
export function qrPrompts({
  terminal: { err, style },
  signal,
}: {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}): QrPrompts {
  let drawnLines = 0;
  return {
    signal,
    password: (request) => askPassword(request, signal),
    showQr({ url }) {
      const lines = [
        ...drawQr(url, style),
        "Scan it in Telegram on your phone: Settings, Devices, Link Desktop Device.",
        style.dim("It is renewed by itself every half minute; Ctrl-C ends."),
      ];
      const upToFirst = drawnLines === 0 ? "" : `\u001b[${drawnLines}A\u001b[0J`;
      drawnLines = lines.length;
      err(upToFirst + lines.join("\n"));
    },
  };
}

async function askPassword(
  { attempt, hint, problem }: Parameters<LoginPrompts["password"]>[0],
  signal: AbortSignal,
): Promise<string> {
  tell(problem);
  const count = attempt === 1 ? "" : `, try ${attempt} of ${loginAttempts}`;
  const message = `Two-step password${hint === null ? "" : ` (hint: ${hint})`}${count}`;
  const validate = (value = "") => (value === "" ? "Type the password" : undefined);
  return answered(password({ message, signal, validate }));
}

/** Why the last answer was not taken. */
function tell(problem: ErrorRecord | null): void {
  if (problem === null) return;
  const hint = loginHint(problem.code);
  log.warn(hint === null ? problem.message : `${hint[0]?.toUpperCase()}${hint.slice(1)} (${problem.code})`);
}

const channelNames: Readonly<Record<CodeChannel, string>> = {
  app: "Telegram",
  sms: "SMS",
  call: "a phone call",
  "missed-call": "a missed call",
  email: "e-mail",
  fragment: "Fragment",
  other: "another way",
};

const whereCodesCome: Readonly<Record<CodeChannel, string>> = {
  ...channelNames,
  app: "Telegram, to your other devices",
  "missed-call": "a missed call: its number's last digits",
  other: "Telegram",
};
