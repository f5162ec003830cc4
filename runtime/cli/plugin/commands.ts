import type { Command, OptionDefinition } from "../command.ts";
import { configOption } from "../config-option.ts";

const json: OptionDefinition = { type: "boolean", about: "print JSON" };
const entry = { name: "NAME", about: "the plugin's name in the configuration" };

/** What stands behind `telegraphist plugin`. */
export const pluginCommands: readonly Command[] = [
  {
    name: "plugin new",
    summary: "make a folder with a plugin that passes its own tests",
    about:
      "Writes a plugin, its tests, a README, and what editors need. Nothing is fetched: the tests run at once.",
    options: {
      folder: { type: "string", value: "FOLDER", about: "where to (default: ./NAME)" },
    },
    positionals: [{ name: "NAME", about: "the plugin's name, such as greeter", isRequired: true }],
    examples: ["telegraphist plugin new greeter", "telegraphist plugin new greeter --folder plugins/greeter"],
    run: async (input) => (await import("./new.ts")).newPluginCommand(input),
  },
  {
    name: "plugin test",
    summary: "run a plugin's own tests",
    about:
      "Runs bun test in its folder, after the packages telegraphist and zod were put into its node_modules\n" +
      "where they are missing, as after a fresh clone. Of a plugin that is one file, x.ts, it runs x.test.ts.",
    options: { config: configOption, json },
    positionals: [
      {
        name: "PLUGIN",
        about: "its ./path, or its name in the configuration (default: .)",
        isRequired: false,
      },
    ],
    examples: ["telegraphist plugin test ./greeter", "telegraphist plugin test ./echo.ts"],
    run: async (input) => (await import("./test.ts")).testPluginCommand(input),
  },
  {
    name: "plugin list",
    summary: "the plugins of the configuration, and how they are",
    options: { config: configOption, json },
    positionals: [],
    run: async (input) => (await import("./list.ts")).listPluginsCommand(input),
  },
  {
    name: "plugin reload",
    summary: "have a plugin of the running program go on with its files as they are now",
    about:
      "The new code is started beside the old, which goes on where that fails. No event is lost or handled twice.",
    options: { config: configOption },
    positionals: [{ ...entry, isRequired: true }],
    run: async (input) => (await import("./reload.ts")).reloadPluginCommand(input),
  },
  {
    name: "plugin info",
    summary: "what a plugin is, what it asks for, and what it is granted",
    about: "The plugin is asked in a process that can read its files and nothing else; it is not run.",
    options: { config: configOption, json },
    positionals: [{ name: "PLUGIN", about: "its name in the configuration, or a ./path", isRequired: true }],
    run: async (input) => (await import("./info.ts")).pluginInfoCommand(input),
  },
  {
    name: "plugin diff",
    summary: "what plugins ask for against what they are granted",
    about:
      "Ends with 1 where something is neither allowed nor denied, or a plugin asks for more than it was accepted with.",
    options: { config: configOption, json },
    positionals: [{ ...entry, about: `${entry.about} (default: all)`, isRequired: false }],
    run: async (input) => (await import("./diff.ts")).diffPluginsCommand(input),
  },
  {
    name: "plugin grant",
    summary: "accept a plugin as it is now, where it asks for more than before",
    about:
      "Pins it in telegraphist.lock, which lets it start. What it may do is still for its entry's allow to say.",
    options: { config: configOption, json },
    positionals: [{ ...entry, isRequired: true }],
    run: async (input) => (await import("./grant.ts")).grantPluginCommand(input),
  },
  {
    name: "plugin add",
    summary: "put a plugin into the configuration",
    about:
      "Looks the plugin over, pins it in telegraphist.lock, and writes its entry. An address is fetched now and never at a\n" +
      "start; it must be one file that imports nothing but telegraphist. Adding an address again takes its newest file.",
    options: {
      config: configOption,
      name: { type: "string", value: "NAME", about: "its name in the configuration (default: its own)" },
      grant: { type: "boolean", about: "allow it all that it asks for" },
      json,
    },
    positionals: [
      {
        name: "USE",
        about: "a ./path, a package, a bundled plugin, or an https:// address",
        isRequired: true,
      },
    ],
    examples: [
      "telegraphist plugin add ./greeter",
      "telegraphist plugin add https://example.com/greeter.ts --grant",
    ],
    run: async (input) => (await import("./add.ts")).addPluginCommand(input),
  },
];
