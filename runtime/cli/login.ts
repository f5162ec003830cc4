import { cancel, intro, log, outro, password, text } from "@clack/prompts";
import type { LoginPrompts } from "../app/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import type { CommandInput } from "./command.ts";
import { UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { openProgram } from "./program.ts";
import { configPathOf, printProblems, readConfig } from "./read-config.ts";

/** `telegraphist login NAME`: asks for phone, code, and password, and seals the session. */
export async function loginCommand(input: CommandInput): Promise<ExitCode> {
  const { terminal, positionals } = input;
  const [name = ""] = positionals;
  const path = configPathOf(input);
  const read = await readConfig(path, terminal.env);
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  if (!process.stdin.isTTY) {
    throw new UsageError("Command login asks questions and needs a terminal: run it in one, or with ssh -t");
  }
  const program = await openProgram({ read, terminal });
  try {
    intro(`Log in the account "${name}"`);
    const user = await program.app.login(name, promptsFor(read.config.accounts[name]?.phone));
    outro(`Logged in as ${user.displayName}. Start it with: telegraphist run`);
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof LoginCancelled) {
      cancel("Nothing was changed");
      return exitCodes.interrupted;
    }
    throw error;
  } finally {
    await program.stop();
  }
}

/** The person pressed Ctrl-C at a question. */
class LoginCancelled extends TelegraphistError {
  constructor() {
    super({ code: "CLI_LOGIN_CANCELLED", category: "CANCELLED", message: "Cannot log in: cancelled" });
  }
}

function promptsFor(knownPhone: string | undefined): LoginPrompts {
  return {
    async phone() {
      if (knownPhone !== undefined) return knownPhone;
      return answered(
        text({
          message: "Phone number",
          placeholder: "+49 170 1234567",
          validate: (value = "") =>
            /^\+?[\d\s()-]{7,20}$/.test(value)
              ? undefined
              : "Write it in international form, with the country's code",
        }),
      );
    },
    async code({ sentVia, length, attempt }) {
      if (attempt > 1) log.warn("That code was wrong or too old");
      const digits = length === null ? "" : ` of ${length} digits`;
      return answered(
        text({
          message: `Code${digits}, sent by ${whereCodesCome[sentVia]} (empty: send it again)`,
          defaultValue: "",
        }),
      );
    },
    async password({ hint, attempt }) {
      if (attempt > 1) log.warn("That password was wrong");
      return answered(password({ message: `Two-step password${hint === null ? "" : ` (hint: ${hint})`}` }));
    },
  };
}

const whereCodesCome = {
  app: "Telegram, to your other devices",
  sms: "SMS",
  call: "a phone call",
  "missed-call": "a missed call: its number's last digits",
  email: "e-mail",
  fragment: "Fragment",
  other: "Telegram",
} as const;

async function answered(question: Promise<string | symbol>): Promise<string> {
  const answer = await question;
  if (typeof answer === "symbol") throw new LoginCancelled();
  return answer;
}
