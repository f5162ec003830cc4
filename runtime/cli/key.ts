import { dirname } from "node:path";
import { password } from "@clack/prompts";
import { loadConfig } from "../../config/index.ts";
import { createLogger } from "../../telemetry/index.ts";
import { checkKeys, keyStatus, lockKeyFile, newKey, rotateKey } from "../app/index.ts";
import { type CommandInput, UsageError } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { configPathOf, printProblems } from "./read-config.ts";

const newPassphraseVariable = "TELEGRAPHIST_NEW_PASSPHRASE";
/** What is typed on a terminal; one of the environment is taken as it is. */
const leastCharacters = 12;

type Place = Parameters<typeof rotateKey>[0];
type Action = (input: CommandInput, place: Place) => Promise<ExitCode>;

const actions: Readonly<Record<string, Action>> = { status, check, rotate, lock, unlock };

/** `telegraphist key`: the key that seals what the database holds. */
export async function keyCommand(input: CommandInput): Promise<ExitCode> {
  const { positionals, terminal } = input;
  const [name = "status"] = positionals;
  if (name === "new") {
    terminal.out(newKey());
    return exitCodes.ok;
  }
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    const known = [...Object.keys(actions), "new"].join(", ");
    throw new UsageError(`Argument ${JSON.stringify(name)} is none of ${known}`);
  }
  const path = configPathOf(input);
  // Plugins are not asked: what is wrong with one must not stand in the way of the keys.
  const read = await loadConfig({ path, env: terminal.env });
  if (!read.ok) {
    await printProblems(path, read.problems, terminal);
    return exitCodes.failed;
  }
  return action(input, { config: read.config, baseFolder: dirname(path), env: terminal.env });
}

async function status({ flags, terminal }: CommandInput, place: Place): Promise<ExitCode> {
  const { out, style } = terminal;
  const found = await keyStatus(place, shell());
  if (flags.has("json")) {
    out(JSON.stringify(found));
    return exitCodes.ok;
  }
  out(`key ${style.bold(found.activeKeyId)} from ${whence[found.source]} ${found.place}`);
  for (const { isKnown, keyId, rows } of found.keys) {
    const mark = isKnown ? "" : style.red("  missing: these rows do not open");
    out(`   ${keyId}  ${rows} row(s)${mark}`);
  }
  if (found.keys.filter(({ isKnown }) => isKnown).length > 1) {
    out(style.yellow(`   a rotation is not done: run "telegraphist key rotate"`));
  }
  return exitCodes.ok;
}

async function check({ flags, terminal }: CommandInput, place: Place): Promise<ExitCode> {
  const { out, style } = terminal;
  const found = await checkKeys(place, shell());
  const isSound = found.damaged === 0 && found.unknown === 0;
  if (flags.has("json")) out(JSON.stringify({ ok: isSound, ...found }));
  else {
    out(`${isSound ? style.green("ok") : style.red("failed")} ${found.opened} sealed row(s) open`);
    if (found.damaged > 0) out(`   ${found.damaged} row(s) were changed on disk: restore a copy`);
    if (found.unknown > 0) out(`   ${found.unknown} row(s) need another key: see "telegraphist key status"`);
  }
  return isSound ? exitCodes.ok : exitCodes.failed;
}

async function rotate({ flags, terminal }: CommandInput, place: Place): Promise<ExitCode> {
  const { err, out, style } = terminal;
  let shownPercent = 0;
  const done = await rotateKey(place, shell(), (progress) => {
    const percent = Math.floor((100 * progress.done) / progress.total);
    if (percent < shownPercent + 10) return;
    shownPercent = percent;
    err(`sealed anew: ${progress.done} of ${progress.total} row(s), ${percent} %`);
  });
  if (flags.has("json")) {
    out(JSON.stringify(done));
    return exitCodes.ok;
  }
  out(`${style.green("ok")} ${done.done} row(s) sealed with key ${done.activeKeyId}`);
  if (done.damaged > 0)
    out(style.yellow(`   ${done.damaged} row(s) were damaged before, and open with no key`));
  if (done.source === "environment") {
    out(`   take the former out of TELEGRAPHIST_KEY: ${done.formerKeyIds.join(", ")}`);
  }
  return exitCodes.ok;
}

async function lock({ terminal }: CommandInput, place: Place): Promise<ExitCode> {
  await lockKeyFile(place, terminal.env[newPassphraseVariable] || (await askPassphrase()));
  terminal.out(
    `${terminal.style.green("ok")} the key file is locked: give TELEGRAPHIST_PASSPHRASE from now on`,
  );
  return exitCodes.ok;
}

async function unlock({ terminal }: CommandInput, place: Place): Promise<ExitCode> {
  await lockKeyFile(place, null);
  terminal.out(`${terminal.style.green("ok")} the key file is open: whoever reads it reads the sessions`);
  return exitCodes.ok;
}

const whence = {
  environment: "the environment,",
  file: "the file",
  "locked-file": "the file, locked by a passphrase,",
  "new-file": "the file, made just now,",
} as const;

async function askPassphrase(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`Command key lock needs a terminal, or the passphrase in ${newPassphraseVariable}`);
  }
  const first = await password({
    message: "New passphrase",
    validate: (value = "") =>
      value.length < leastCharacters ? `Take ${leastCharacters} characters at least` : undefined,
  });
  const second = typeof first === "symbol" ? first : await password({ message: "Once more" });
  // As a command that a signal cut short: nothing was changed.
  if (typeof first === "symbol" || typeof second === "symbol") throw new DOMException("", "AbortError");
  if (first !== second) throw new UsageError("The passphrases differ: nothing was changed");
  return first;
}

function shell(): Parameters<typeof rotateKey>[1] {
  return { logger: createLogger({ level: "error" }), now: Date.now };
}
