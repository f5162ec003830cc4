/** The other side of a bench: npm `telegram` as it comes, with a `NewMessage` handler. */
import { Api } from "telegram";
import { NewMessage, type NewMessageEvent } from "telegram/events/index.js";
import { gramjsClient } from "../emulator/mtproto/gramjs.ts";
import { type ClientFace, loginCode, memoryNow, type Target } from "./client-face.ts";
import { tally } from "./counting/tally.ts";
import { serve } from "./ipc.ts";

const owned = new AsyncDisposableStack();

async function connect(target: Target, phoneNumber: string): Promise<void> {
  const { dataCentres, publicKeys } = target.server;
  // `securityChecks` is off in what npm `telegram` gives by default, so it is here.
  const client = gramjsClient({ dataCentres, publicKeyPem: publicKeys[0] ?? "" }, undefined, {
    securityChecks: false,
  });
  await client.connect();
  owned.defer(() => client.destroy());
  const { phoneCodeHash } = await client.sendCode({ apiId: 1, apiHash: "hash" }, phoneNumber);
  const phoneCode = await loginCode(target, phoneNumber);
  await client.invoke(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode }));
  const onMessage = ({ chatId, message }: NewMessageEvent) => tally.take(String(chatId), message.message);
  client.addEventHandler(onMessage, new NewMessage({ incoming: true }));
}

serve<ClientFace>({
  async connect({ target, phones }) {
    for (const phone of phones) await connect(target, phone);
  },
  expect: async ({ count }) => tally.expect(count),
  settled: (settling) => tally.settled(settling),
  memory: async () => memoryNow(),
  close: () => owned.disposeAsync(),
});
