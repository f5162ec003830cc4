import * as contract from "../../contract/index.ts";

// Run before the tests of a plugin that is no package, which finds nothing in a `node_modules` of its own.
Bun.plugin({
  name: "telegraphist",
  setup: (build) => {
    build.module("telegraphist", () => ({ exports: { ...contract }, loader: "object" }));
    build.module("telegraphist/testing", async () => ({
      // It takes a second, which tests without a Telegram need not wait for.
      exports: { ...(await import("../../testkit/index.ts")) },
      loader: "object",
    }));
  },
});
