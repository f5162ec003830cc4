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

/** How much a terminal shows; what is written elsewhere is as large as it likes. */
export interface ScreenSize {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/**
 * A QR code that is drawn anew in its place, and the password where Telegram then wants it. A terminal that is too small
 * for the code shows its link.
 */
export function qrPrompts({
  terminal: { err, style },
  signal,
  screen,
}: {
  readonly terminal: Pick<Terminal, "err" | "style">;
  readonly signal: AbortSignal;
  readonly screen: ScreenSize;
}): QrPrompts {
  let drawnRows = 0;
  return {
    signal,
    password: (request) => askPassword(request, signal),
    showQr({ url }) {
      const { columns = Number.POSITIVE_INFINITY, rows = Number.POSITIVE_INFINITY } = screen;
      const code = drawQr(url, style);
      const [width, height] = [Bun.stringWidth(code[0] ?? ""), code.length + 3];
      const isTooSmall = columns < width || rows < height;
      const lines = isTooSmall
        ? [
            `The terminal is too small for the QR code: make it ${width} columns wide and ${height} rows high,`,
            "or open this link on a phone that is logged in. Whoever opens it gives the account away.",
            url,
          ]
        : [...code, "Scan it in Telegram on your phone: Settings, Devices, Link Desktop Device."];
      lines.push(style.dim("It is renewed by itself every half minute; Ctrl-C ends."));
      const upToFirst = drawnRows === 0 ? "" : `\u001b[${drawnRows}A\u001b[0J`;
      drawnRows = lines.reduce((sum, line) => sum + Math.ceil(Bun.stringWidth(line) / columns || 1), 0);
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
