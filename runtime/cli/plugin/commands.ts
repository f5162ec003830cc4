import type { Command } from "../command.ts";

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
];
