import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { IntermediatePacketCodec } from "@mtcute/bun";
import { Api } from "telegram";
import type { Emulator } from "../../../runtime/emulator/index.ts";
import { mtcuteClient, mtcuteLayer } from "../../emulator/conformance/mtcute.ts";
import { connectedTo, signIn } from "../../emulator/methods/signed-in.ts";
import { password, phone, startLoginRig } from "../support/login-rig.ts";
import { nextState } from "../support/next-state.ts";

// Two clients make their keys.
setDefaultTimeout(30_000);

/** Another client of the person that is logged in, as the one on their phone is. */
interface SecondClient extends AsyncDisposable {
  /** The number of the session that it gives away. */
  accept(token: Buffer): Promise<string>;
}

const clients: Readonly<Record<string, (emulator: Emulator, secret?: string) => Promise<SecondClient>>> = {
  async gramjs(emulator, secret) {
    const client = await connectedTo(emulator);
    await signIn(emulator, client, phone, secret);
    return {
      accept: async (token) =>
        (await client.invoke(new Api.auth.AcceptLoginToken({ token }))).hash.toString(),
      [Symbol.asyncDispose]: () => client.destroy(),
    };
  },
  async mtcute(emulator, secret) {
    const client = await mtcuteClient(emulator, { framing: () => new IntermediatePacketCodec() });
    await client.start({
      phone,
      ...(secret !== undefined && { password: secret }),
      code: () => emulator.world.loginCode(phone) ?? "",
      codeSentCallback: () => undefined,
    });
    return {
      accept: async (token) => (await client.call({ _: "auth.acceptLoginToken", token })).hash.toString(),
      [Symbol.asyncDispose]: () => client.destroy(),
    };
  },
};

const tokenOf = (url: string) => Buffer.from(url.replace("tg://login?token=", ""), "base64url");

describe.each(Object.keys(clients))("a QR code that is scanned by %s", (name) => {
  test.each([
    { home: 2, isSecured: false },
    { home: 2, isSecured: true },
    { home: 4, isSecured: false },
    { home: 4, isSecured: true },
  ])("logs in from data centre 2 to $home, password: $isSecured", async ({ home, isSecured }) => {
    const secret = isSecured ? password : undefined;
    await using rig = await startLoginRig({ dataCentres: 5, layers: [mtcuteLayer], firstDataCentreId: 2 });
    const { account, emulator } = rig;
    const ada = rig.createAda({ homeDataCentreId: home, ...(isSecured && { password }) });
    await using second = await clients[name]?.(emulator, secret);
    if (second === undefined) throw new Error("A client was named");
    const accepted = Promise.withResolvers<string>();
    let codes = 0;
    const asked: number[] = [];
    const user = await account.login({
      showQr({ url }) {
        codes += 1;
        second.accept(tokenOf(url)).then(accepted.resolve, accepted.reject);
      },
      password: async ({ attempt }) => {
        asked.push(attempt);
        return password;
      },
    });
    expect(user).toMatchObject({ id: ada.id });
    expect([codes, asked]).toEqual([1, isSecured ? [1] : []]);
    expect(await accepted.promise).toMatch(/^-?\d+$/);
    expect(await rig.storage.sessions.load(account.name)).toMatchObject({ mainDataCentreId: home });
    const online = nextState(account, "online");
    await account.start({ signal: AbortSignal.timeout(20_000) });
    expect(await online).toMatchObject({ dataCentreId: home });
    const own = emulator.world.sessions(ada.id).filter(({ deviceModel }) => deviceModel === "Telegraphist");
    expect(own).toMatchObject([{ dataCentreId: home }]);
  });

  test("that is none is refused, and the login goes on", async () => {
    await using rig = await startLoginRig({ layers: [mtcuteLayer] });
    rig.createAda();
    await using second = await clients[name]?.(rig.emulator);
    if (second === undefined) throw new Error("A client was named");
    const controller = new AbortController();
    const shown = Promise.withResolvers<string>();
    const login = rig.account.login({
      showQr: ({ url }) => shown.resolve(url),
      password: async () => password,
      signal: controller.signal,
    });
    const token = tokenOf(await shown.promise);
    token.writeUInt8(token.readUInt8(0) ^ 1, 0);
    const refusal = await second.accept(token).catch((error: unknown) => String(error));
    // Each library in its own words.
    expect(refusal).toMatch(/AUTH_TOKEN_INVALID|token is invalid/);
    controller.abort(new Error("enough"));
    await expect(login).rejects.toThrow("enough");
  });
});
