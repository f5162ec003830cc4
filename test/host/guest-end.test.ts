import { expect, test } from "bun:test";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { endOf } from "../../runtime/host/guest-end.ts";

const limits = { memoryBytes: 256 * 1024 ** 2, openFiles: 64, processes: 32, fileSizeBytes: 1 };

test.each([
  [{ exitCode: 7 }, "PLUGIN_CRASHED", "it ended with code 7"],
  [{ signal: "SIGSEGV" }, "PLUGIN_CRASHED", "SIGSEGV ended it"],
  [
    { signal: "SIGKILL", exceeded: "memory" },
    "PLUGIN_MEMORY_EXCEEDED",
    "it took more than 256 MiB of memory (limits.plugin.memoryBytes)",
  ],
  [{ signal: "SIGKILL", exceeded: "processes" }, "PLUGIN_PROCESSES_EXCEEDED", "it made more than 32 threads"],
] as const)("endOf() tells of %j by %s", (exit, code, reason) => {
  const error = endOf(
    parsePluginName("echo"),
    { exitCode: null, signal: null, exceeded: null, ...exit },
    limits,
  );
  expect(error).toMatchObject({ code, message: `Cannot keep plugin "echo" running: ${reason}` });
});
