import { existsSync } from "node:fs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser that the page tests run in; `CHROMIUM_PATH` goes before what is installed. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH ?? "", ...places].find((path) => path !== "" && existsSync(path));
}

/**
 * What installs the browser where nobody is there to ask: in CI, as root of a Debian. `null` where there is one already,
 * and on a person's machine, whose packages are theirs to choose.
 */
export function chromiumInstallation(): readonly string[] | null {
  if (findChromium() !== undefined || process.env.CI !== "true") return null;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  const apt = "apt-get -qq -o Acquire::Retries=3";
  const install = `${apt} update && ${apt} install -y --no-install-recommends chromium`;
  return ["sh", "-c", `export DEBIAN_FRONTEND=noninteractive; (${install}) >/dev/null`];
}
