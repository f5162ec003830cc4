import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { readKernelLevel } from "../../runtime/sandbox/index.ts";

test("readKernelLevel() names what this kernel has", async () => {
  const level = await readKernelLevel();
  const parts = level.label === "none" ? [] : level.label.split("+");
  expect(parts.includes("seccomp")).toBe(level.hasSeccomp);
  expect(parts.includes(`landlock:${level.landlockAbi}`)).toBe(level.landlockAbi > 0);
});

test.if(process.platform === "linux")(
  "readKernelLevel() agrees with the kernel's own list of modules",
  async () => {
    const modules = await readFile("/sys/kernel/security/lsm", "utf8").catch(() => null);
    if (modules === null) return;
    const level = await readKernelLevel();
    expect(level.landlockAbi > 0).toBe(modules.split(",").includes("landlock"));
  },
);

test("readKernelLevel() is none on another system", async () => {
  expect(await readKernelLevel("darwin")).toEqual({
    landlockAbi: 0,
    hasSeccomp: false,
    canHold: false,
    label: "none",
  });
});
