import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A plugin in a folder of its own, removed with the block. */
export interface PluginFile extends AsyncDisposable {
  readonly name: string;
  readonly folder: string;
  /** Its module. */
  readonly path: string;
}

/** @param setup as `pluginText` takes it */
export async function pluginFile(name: string, setup: string): Promise<PluginFile> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-plugin-"));
  const path = join(folder, "index.ts");
  await Bun.write(path, pluginText(name, setup));
  return {
    name,
    folder,
    path,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * A plugin in one file, which takes any settings.
 *
 * @param setup what stands in `setup`, which has `on`, `schedule`, `clock`, `http`, and `store`
 * @param more what it asks for beside messages and every chat
 */
export function pluginText(name: string, setup: string, more = `net: ["example.com"]`): string {
  return `import { definePlugin } from "telegraphist";
export default definePlugin({
  name: ${JSON.stringify(name)},
  version: "1.0.0",
  description: "A plugin of a test",
  config: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } },
  permissions: { telegram: ["messages:read", "messages:send"], chats: ["*"], ${more} },
  setup({ on, schedule, clock, http, store }) {
${setup}
  },
});
`;
}
