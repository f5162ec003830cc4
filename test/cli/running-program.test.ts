import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import { askProgram } from "../../runtime/cli/running-program.ts";
import { temporaryFolder } from "../storage/fixture.ts";
import { freePort } from "../support/free-port.ts";

/** A configuration whose program would answer at the port. @param token `null` where it never ran */
async function place(port: number, token: string | null = "acorn") {
  const folder = await temporaryFolder();
  const path = join(folder.path, "telegraphist.yaml");
  await Bun.write(
    path,
    `version: 1\ntelegram: { apiId: 1, apiHash: "00000000000000000000000000000000" }\naccounts: { me: {} }\nadmin: { port: ${port}, tokenFile: token }\n`,
  );
  if (token !== null) await Bun.write(join(folder.path, "token"), `${token}\n`);
  const read = await loadConfig({ path, env: {} });
  if (!read.ok) throw new Error("The configuration of the test is wrong");
  const site = { config: read.config, baseFolder: folder.path };
  return {
    ask: () => askProgram(site, "GET", "/api/plugins"),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function serve(answer: (request: Request) => Response) {
  return Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
}

describe("askProgram()", () => {
  test("answers with what the program says to whoever has its token", async () => {
    await using server = serve(({ headers }) => Response.json({ heard: headers.get("authorization") }));
    await using there = await place(server.port ?? 0);
    expect(await there.ask()).toEqual({ heard: "Bearer acorn" });
  });

  test("fails with the program's own error", async () => {
    const error = { code: "HOST_UNKNOWN_PLUGIN", message: "Cannot find it" };
    await using server = serve(() => Response.json({ error }, { status: 404 }));
    await using there = await place(server.port ?? 0);
    await expect(there.ask()).rejects.toMatchObject(error);
  });

  test("tells of a refusal without one", async () => {
    await using server = serve(() => Response.json({}, { status: 418 }));
    await using there = await place(server.port ?? 0);
    await expect(there.ask()).rejects.toMatchObject({
      code: "CLI_REFUSED",
      message: expect.stringContaining("418"),
    });
  });

  test.each([
    ["it was never started", null],
    ["nothing answers", "acorn"],
  ])("says that %s", async (reason, token) => {
    await using there = await place(await freePort(), token);
    await expect(there.ask()).rejects.toMatchObject({
      code: "CLI_NOT_RUNNING",
      message: expect.stringContaining(reason),
    });
  });

  test("takes what is no API for nothing", async () => {
    await using server = serve(() => new Response("<html>"));
    await using there = await place(server.port ?? 0);
    await expect(there.ask()).rejects.toMatchObject({ code: "CLI_NOT_RUNNING" });
  });
});
