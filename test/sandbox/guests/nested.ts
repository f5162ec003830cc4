import { launchSandboxed } from "../../../runtime/sandbox/index.ts";

/** Launches the echo script from within, where the kernel offers no Landlock; the argument is the level to allow. */
const [, , allowed] = process.argv;
try {
  const held = await launchSandboxed({
    script: `${import.meta.dirname}/echo.ts`,
    cwd: process.cwd(),
    policy: {
      readFiles: [],
      readFolders: [],
      listFolders: [],
      writeFolders: [],
      executables: [],
      allowSubprocesses: false,
      limits: { memoryBytes: 1024 ** 3, openFiles: 64, processes: 64, fileSizeBytes: 1024 },
    },
    ...(allowed === "none" ? { allowLevel: "none" } : {}),
  });
  held.stdin.write("hello");
  held.stdin.end();
  process.stdout.write(`${held.level} ${await new Response(held.stdout).text()}`);
} catch (error) {
  process.stdout.write(error instanceof Error && "code" in error ? String(error.code) : String(error));
}
