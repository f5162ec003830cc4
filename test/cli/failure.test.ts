import { expect, test } from "bun:test";
import { failureText } from "../../runtime/cli/failure.ts";
import { TelegraphistError } from "../../runtime/contract/index.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

test("failureText() says why a command ended, not what went wrong while it closed what it had", () => {
  const full = new TelegraphistError({
    code: "STORAGE_FULL",
    category: "STORAGE",
    message: "Cannot rotate the key: the disk is full",
  });
  const text = failureText(new SuppressedError(new Error("Cannot close"), full), recordedTerminal());
  expect(text).toContain("Cannot rotate the key: the disk is full");
  expect(text).toContain("(STORAGE_FULL)");
  expect(text).not.toContain("fault of its own");
});
