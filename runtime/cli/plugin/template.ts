import indexTest from "./template/index.test.ts.txt" with { type: "text" };
import index from "./template/index.ts.txt" with { type: "text" };
import packageJson from "./template/package.json.txt" with { type: "text" };
import readme from "./template/README.md.txt" with { type: "text" };
import tsconfig from "./template/tsconfig.json.txt" with { type: "text" };

/** The files of a new plugin with `{{…}}` for what differs, and what each is for. */
export const template = [
  { path: "index.ts", text: index, about: "the plugin" },
  { path: "index.test.ts", text: indexTest, about: "its tests, on a Telegram of their own" },
  { path: "README.md", text: readme, about: "what it does, for those who use it" },
  { path: "package.json", text: packageJson, about: "its name, and the packages that it brings along" },
  { path: "tsconfig.json", text: tsconfig, about: "how editors check it" },
  { path: ".gitignore", text: "node_modules/\n", about: "what stays out of Git" },
] as const;

/** @throws {Error} when the text wants a value that there is none of */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The template has no value for ${JSON.stringify(name)}`);
    return value;
  });
}
