/**
 * The module of a plugin whose settings are taken as they are.
 *
 * @param setup the method's text
 * @param permissions the manifest's text
 */
export function pluginText(name: string, setup: string, permissions = "{}"): string {
  return `import { definePlugin } from "telegraphist";
export default definePlugin({
  name: ${JSON.stringify(name)}, version: "1.2.3", description: "Of a test", permissions: ${permissions},
  config: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
  ${setup}
});
`;
}
