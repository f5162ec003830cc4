import { expect, setDefaultTimeout, test } from "bun:test";
import { createInstallation } from "../e2e/installation.ts";
import { nextState } from "../telegram/support/next-state.ts";

// A machine that is busy takes its time.
setDefaultTimeout(60_000);

/** A program whose account is online, asked over its API. */
async function openRunning() {
  await using made = new AsyncDisposableStack();
  const admin = { port: 0, tokenFile: "token" };
  const installation = made.use(await createInstallation({ admin }));
  await installation.logIn();
  const { app, errors } = made.use(await installation.open());
  const [me] = app.accounts.values();
  if (me === undefined) throw new Error("The account is configured");
  const online = nextState(me, "online");
  await app.start();
  await online;
  const ask = async (method: string, path: string) => {
    const response = await fetch(`${app.admin?.url}/api/accounts/me/${path}`, {
      method,
      headers: { authorization: `Bearer ${app.admin?.token}` },
    });
    // The shape that every error of the API has.
    const { error } = (await response.json()) as {
      readonly error: { readonly code: string; readonly message: string };
    };
    const { status, headers } = response;
    return { status, ...error, retryAfter: headers.get("retry-after") };
  };
  const owned = made.move();
  return { installation, errors, me, ask, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test("an account that was logged out answers 409, and what is asked of it is no error of the program", async () => {
  await using it = await openRunning();
  const { world } = it.installation.emulator;
  const over = nextState(it.me, "logged-out");
  for (const { authKeyId } of world.sessions(it.installation.owner.id)) world.revokeSession(authKeyId);
  expect(await it.ask("POST", "rotation")).toMatchObject({ status: 409, code: "SESSION_REVOKED" });
  await over;
  const rest = { status: 409, code: "ACCOUNT_NO_SESSION" };
  expect(await it.ask("POST", "rotation")).toMatchObject(rest);
  expect(await it.ask("GET", "authorizations")).toMatchObject(rest);
  expect(await it.ask("DELETE", "authorizations/7")).toMatchObject(rest);
  const counted = it.errors.list().flatMap(({ samples }) => samples.map(({ message }) => message));
  expect(counted).not.toContainEqual(expect.stringContaining("admin request"));
});

test.each(["abc", "0", "7"])(
  "a number that no session has, as %s, answers 404 with where those are",
  async (id) => {
    await using it = await openRunning();
    expect(await it.ask("DELETE", `authorizations/${id}`)).toMatchObject({
      ...{ status: 404, code: "HASH_INVALID" },
      message: expect.stringContaining('"telegraphist sessions list NAME --remote" shows'),
    });
  },
);

test("a flood wait and a session that is too young are told as such, the wait in seconds", async () => {
  await using it = await openRunning();
  const { faults } = it.installation.emulator.world;
  faults.rpcError({
    method: "account.resetAuthorization",
    errorCode: 406,
    errorMessage: "FRESH_RESET_AUTHORISATION_FORBIDDEN",
  });
  expect(await it.ask("DELETE", "authorizations/7")).toMatchObject({
    status: 409,
    code: "FRESH_RESET_AUTHORISATION_FORBIDDEN",
  });
  faults.rpcError({
    method: "account.getAuthorizations",
    errorCode: 420,
    errorMessage: "FLOOD_WAIT_3000",
  });
  const flooded = await it.ask("GET", "authorizations");
  expect(flooded).toMatchObject({ status: 429, code: "FLOOD_WAIT" });
  expect(Number(flooded.retryAfter)).toBeWithin(2900, 3001);
  expect(it.errors.list()).toEqual([]);
});
