import type { Command } from "./command.ts";
import { configOption } from "./config-option.ts";
import { exitCodes } from "./exit-code.ts";
import { pluginCommands } from "./plugin/commands.ts";

/**
 * Every command, in the order of the help. What a command does is loaded when it runs, since the MTProto library alone
 * takes a second to load.
 */
export const commands: readonly Command[] = [
  {
    name: "run",
    summary: "connect the accounts and run the plugins until Ctrl-C",
    options: {
      config: configOption,
      prompt: {
        type: "boolean",
        about: "ask on the terminal for what plugins want and the configuration leaves open",
      },
      wait: {
        type: "string",
        value: "SECONDS",
        about: "time to wait for another program that has the database or a session (default: 0)",
      },
      watch: {
        type: "boolean",
        about: "take up changes of the configuration and of plugins' files by itself",
      },
      "await-login": {
        type: "boolean",
        about: "go on though no account has a session, to log one in over the API",
      },
    },
    positionals: [],
    run: async (input) => (await import("./run.ts")).runCommand(input),
  },
  {
    name: "demo",
    summary: "play the main job on a Telegram inside this process",
    about:
      "Starts an emulator of Telegram, logs an account in, loads the three plugins, and plays a story: people are answered,\n" +
      "members are invited, media is archived. Nothing leaves this machine. Ctrl-C ends it.",
    options: {
      once: { type: "boolean", about: "end when the story is told; exit 1 if it did not come out" },
      json: { type: "boolean", about: "print one JSON object with what happened as the last line" },
      port: {
        type: "string",
        value: "PORT",
        about: "port of the admin pages (default: 7330, or a free one if taken)",
      },
    },
    positionals: [],
    examples: ["telegraphist demo", "telegraphist demo --once --json"],
    run: async (input) => (await import("./demo/demo.ts")).demoCommand(input),
  },
  {
    name: "login",
    summary: "log an account in: phone, code, password, or a QR code",
    about:
      "The account must stand under `accounts:` in the configuration. The session is sealed in the database.",
    options: {
      config: configOption,
      qr: { type: "boolean", about: "show a QR code that Telegram on your phone scans" },
    },
    positionals: [{ name: "NAME", about: "the account's name in the configuration", isRequired: true }],
    examples: ["telegraphist login me", "telegraphist login me --qr"],
    run: async (input) => (await import("./login.ts")).loginCommand(input),
  },
  {
    name: "sessions",
    summary: "sessions of the accounts: list, show, import, export, rotate, revoke, or clean up",
    about:
      "list     what the database has; --remote adds the account's other sessions as Telegram lists them\n" +
      "show     all that is known of one\n" +
      "import   takes over a session string of GramJS, Telethon, Pyrogram, or mtcute, from a question or standard input\n" +
      "export   writes one; the string is the whole account\n" +
      "rotate   gives the account a session with a new key, without a login, and ends the former one\n" +
      "password keeps the password of two-step verification, sealed, so that the session can be renewed\n" +
      "revoke   ends the program's session, or another of the account by its number\n" +
      "cleanup  ends those that nobody has used for two weeks",
    options: {
      config: configOption,
      remote: { type: "boolean", about: "list: ask Telegram for the account's sessions too" },
      format: {
        type: "string",
        value: "FORMAT",
        about: "export: gramjs (default), telethon, pyrogram, or mtcute",
      },
      forget: { type: "boolean", about: "password: keep none" },
      "dry-run": { type: "boolean", about: "cleanup: only say which" },
      yes: { type: "boolean", about: "revoke, cleanup: ask nothing" },
      "yes-i-know-it-is-the-whole-account": { type: "boolean", about: "export: ask nothing" },
      json: { type: "boolean", about: "list, show, cleanup: print JSON" },
    },
    positionals: [
      {
        name: "ACTION",
        about: "list (default), show, import, export, rotate, password, revoke, or cleanup",
        isRequired: false,
      },
      { name: "NAME", about: "the account's name in the configuration", isRequired: false },
      { name: "ID", about: "revoke: the number of another session, from list --remote", isRequired: false },
    ],
    examples: [
      "telegraphist sessions list --remote",
      "telegraphist sessions import me < string.txt",
      "telegraphist sessions revoke me -7001234567890",
    ],
    run: async (input) => (await import("./sessions/sessions.ts")).sessionsCommand(input),
  },
  {
    name: "check",
    summary: "look the configuration over and say what is wrong, all at once",
    options: { config: configOption },
    positionals: [{ name: "FILE", about: "the configuration; as --config", isRequired: false }],
    run: async (input) => (await import("./check.ts")).checkCommand(input),
  },
  {
    name: "plan",
    summary: "what would change if the configuration were applied",
    about:
      "Asks the program that runs under the configuration; without one, looks at what ran last. Plugins are looked at, and\n" +
      "not run. Ends with 0 when nothing would change, with 2 when something would, with 1 when it cannot be used.",
    options: { config: configOption, json: { type: "boolean", about: "print the plan as JSON" } },
    positionals: [],
    run: async (input) => (await import("./reload/plan.ts")).planCommand(input),
  },
  {
    name: "apply",
    summary: "have the running program go over to the configuration, whole or not at all",
    about:
      "New and changed plugins are started beside those that run. Where one does not start, or the change needs a restart,\n" +
      "everything goes on as it was.",
    options: { config: configOption, json: { type: "boolean", about: "print what was changed as JSON" } },
    positionals: [],
    run: async (input) => (await import("./reload/apply.ts")).applyCommand(input),
  },
  {
    name: "schema",
    summary: "print the JSON Schema of the configuration, for editors",
    options: {},
    positionals: [],
    examples: ["telegraphist schema > telegraphist.schema.json"],
    run: async (input) => (await import("./schema.ts")).schemaCommand(input),
  },
  {
    name: "plugin",
    summary: "make, test, look over, and add plugins",
    options: {},
    positionals: [{ name: "ACTION", about: "what to do; each has a --help of its own", isRequired: true }],
    actions: pluginCommands,
    run: async () => exitCodes.usage,
  },
  {
    name: "dev",
    summary: "run a plugin while it is written, with people to play",
    about:
      "Runs it on a Telegram inside this process, allows it all that it asks for, and starts it anew when a file changes.\n" +
      "With --config it runs on the accounts of that configuration instead, with what its entry allows.",
    options: {
      config: { ...configOption, about: "run it on the accounts of this configuration" },
      settings: {
        type: "string",
        value: "FILE",
        about: "YAML with the plugin's settings, for a run without --config",
      },
    },
    positionals: [{ name: "PATH", about: "the plugin's folder or file (default: .)", isRequired: false }],
    examples: ["telegraphist dev ./greeter", "telegraphist dev ./greeter --config telegraphist.yaml"],
    run: async (input) => (await import("./dev/dev.ts")).devCommand(input),
  },
  {
    name: "dead-letters",
    summary: "events that a plugin failed at for good: list, replay, or drop them",
    about:
      "Asks the program that runs under the configuration. A replayed event goes to its plugin alone, after all others;\n" +
      "what the plugin had sent because of it is not sent again.",
    options: { config: configOption, json: { type: "boolean", about: "print the list as JSON" } },
    positionals: [
      { name: "ACTION", about: "list (default), replay, or drop", isRequired: false },
      { name: "ID", about: "the number of the dead letter", isRequired: false },
    ],
    examples: ["telegraphist dead-letters", "telegraphist dead-letters replay 7"],
    run: async (input) => (await import("./dead-letters.ts")).deadLettersCommand(input),
  },
  {
    name: "audit",
    summary: "what plugins did and were refused, the newest last",
    options: {
      config: configOption,
      plugin: { type: "string", value: "NAME", about: "of this plugin alone" },
      account: { type: "string", value: "NAME", about: "with this account alone" },
      verdict: { type: "string", value: "VERDICT", about: "allowed, denied, failed, or limited" },
      limit: { type: "string", value: "COUNT", about: "how many of the newest (default: 50)" },
      json: { type: "boolean", about: "print them as JSON, the newest first" },
    },
    positionals: [],
    examples: ["telegraphist audit --verdict denied", "telegraphist audit --plugin autoresponder --json"],
    run: async (input) => (await import("./audit.ts")).auditCommand(input),
  },
  {
    name: "key",
    summary: "the key that seals sessions: look, check, rotate, lock",
    about:
      "ACTION is one of:\n" +
      "  status   where the key comes from, and what it has sealed (default)\n" +
      "  check    open every sealed row, and say what does not open\n" +
      "  rotate   seal every row with a new key; may be repeated when it was cut short\n" +
      "  lock     lock the key file with a passphrase, of TELEGRAPHIST_NEW_PASSPHRASE or asked for\n" +
      "  unlock   leave the key file open\n" +
      "  new      print a new key, for TELEGRAPHIST_KEY",
    options: { config: configOption, json: { type: "boolean", about: "print what came of it as JSON" } },
    positionals: [
      { name: "ACTION", about: "status, check, rotate, lock, unlock, or new", isRequired: false },
    ],
    examples: ["telegraphist key", "telegraphist key rotate"],
    run: async (input) => (await import("./key.ts")).keyCommand(input),
  },
  {
    name: "emulator",
    summary: "run a local Telegram that speaks MTProto, with an HTTP control",
    options: {
      host: { type: "string", value: "ADDRESS", about: "address to listen on (default: 127.0.0.1)" },
      port: {
        type: "string",
        value: "PORT",
        about: "port of the first data centre, the others follow (default: free ones)",
      },
      "control-port": {
        type: "string",
        value: "PORT",
        about: "port of the HTTP control (default: a free one)",
      },
      "data-centres": {
        type: "string",
        value: "NUMBER",
        about: "how many data centres, 1 to 5 (default: 2)",
      },
      faults: {
        type: "string",
        value: "FILE",
        about: "YAML that says what goes wrong, and when (docs/emulator.md)",
      },
      json: { type: "boolean", about: "print the addresses as one JSON line" },
    },
    positionals: [],
    run: async (input) => (await import("./emulator.ts")).emulatorCommand(input),
  },
  {
    name: "doctor",
    summary: "look at this machine and this installation, and say what to do",
    options: {
      config: configOption,
      repair: {
        type: "boolean",
        about: "ask Telegram of every session too, and put right what is kept beside it",
      },
      json: { type: "boolean", about: "print the findings as JSON" },
    },
    positionals: [],
    run: async (input) => (await import("./doctor.ts")).doctorCommand(input),
  },
];
