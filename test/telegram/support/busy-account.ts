import {
  type EmulatedAccount,
  type EmulatedAccountOptions,
  openEmulatedAccount,
} from "./emulated-account.ts";

/** An account to which somebody writes at every call that its program makes. */
export interface BusyAccount extends EmulatedAccount {
  readonly written: readonly string[];
  /** Runs before each call is carried out. */
  atEachCall(run: (method: string) => void): void;
  /** Auth keys that Telegram takes for the owner's. */
  keys(): readonly string[];
  /** Resolves with the texts of all received messages when the last that was written is among them. */
  receivedAll(): Promise<readonly (string | null)[]>;
}

export async function openBusyAccount(options: EmulatedAccountOptions = {}): Promise<BusyAccount> {
  const written: string[] = [];
  let write = () => undefined as unknown;
  let atCall = (_: string) => undefined as unknown;
  const it = await openEmulatedAccount({
    ...options,
    onCall(method) {
      atCall(method);
      write();
    },
  });
  const { emulator, event, events, owner } = it;
  const { world } = emulator;
  const friend = world.createUser({ firstName: "Bob", phone: "+15550002" });
  write = () => {
    const text = `message ${written.length}`;
    written.push(text);
    return world.sendMessage({ fromId: friend.id, chatId: owner.id, text });
  };
  return {
    ...it,
    written,
    atEachCall(run) {
      atCall = run;
    },
    keys: () => world.sessions(owner.id).map(({ authKeyId }) => authKeyId),
    async receivedAll() {
      const last = written.at(-1);
      await event("message.received", ({ text }) => text === last);
      return events.flatMap((each) => (each.type === "message.received" ? each.text : []));
    },
  };
}
