import { describe, expect, test } from "bun:test";
import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStorage } from "../../runtime/storage/index.ts";
import { newVault, temporaryFolder } from "./fixture.ts";

const vault = newVault();

/** Whether this machine lets the test mount a file over another; `null`, or why not. */
async function mountFault(): Promise<string | null> {
  await using folder = await temporaryFolder();
  const [from, to] = [join(folder.path, "from"), join(folder.path, "to")];
  for (const path of [from, to]) await writeFile(path, "");
  const mounted = Bun.spawnSync(["mount", "--bind", from, to]);
  if (mounted.exitCode === 0) Bun.spawnSync(["umount", to]);
  return mounted.exitCode === 0 ? null : " (skipped: only root of a Linux may mount a file)";
}
const fault = await mountFault().catch(() => " (skipped: this machine has no mount command)");

describe("openStorage()", () => {
  test("opens a database by a link that SQLite follows", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "db.sqlite");
    await using one = await openStorage({ path, vault });
    const elsewhere = join(folder.path, "elsewhere.sqlite");
    await symlink(path, elsewhere);
    await using two = await openStorage({ path: elsewhere, vault });
    await one.sessionLeases.take("*", 45_000);
    expect(await two.sessionLeases.take("*", 45_000)).toMatchObject({ state: "held" });
  });

  test("refuses a database of two names, by each of them", async () => {
    await using folder = await temporaryFolder();
    const paths = [join(folder.path, "db.sqlite"), join(folder.path, "other.sqlite")] as const;
    await (await openStorage({ path: paths[0], vault })).close();
    await link(...paths);
    for (const path of paths) {
      await expect(openStorage({ path, vault })).rejects.toMatchObject({
        code: "STORAGE_SHARED",
        message: `Cannot open database "${path}": the file has 2 names (hard links), keep one of them; SQLite keeps two more files beside it`,
      });
    }
  });

  test.skipIf(fault !== null)(
    `refuses a database that is mounted alone, without its folder${fault ?? ""}`,
    async () => {
      await using made = new AsyncDisposableStack();
      const folder = made.use(await temporaryFolder());
      const [inside, outside] = [join(folder.path, "with a blank"), join(folder.path, "outside.sqlite")];
      await (await openStorage({ path: outside, vault })).close();
      await mkdir(inside);
      const path = join(inside, "db.sqlite");
      await writeFile(path, "");
      expect(Bun.spawnSync(["mount", "--bind", outside, path]).exitCode).toBe(0);
      made.defer(() => void Bun.spawnSync(["umount", path]));
      await expect(openStorage({ path, vault })).rejects.toMatchObject({
        code: "STORAGE_SHARED",
        message: expect.stringContaining("mount the folder that it lies in instead"),
      });
    },
  );
});
