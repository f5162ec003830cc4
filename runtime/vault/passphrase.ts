import { argon2, randomBytes } from "node:crypto";
import { hasCode, TelegraphistError } from "../contract/index.ts";
import { keyIdOf } from "./key.ts";
import { createVault, type Vault } from "./vault.ts";

/** What finding a key from a passphrase costs. */
interface Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/**
 * RFC 9106, section 4, second recommended option: 64 MiB, 3 passes, 4 lanes. More than the least that OWASP asks for
 * (19 MiB, 2 passes, 1 lane; Password Storage Cheat Sheet).
 */
const cost: Cost = { memoryKib: 65_536, passes: 3, lanes: 4 };
const saltBytes = 16;
/** What a file may ask for: nobody can have this program take all memory by it. */
const most: Cost = { memoryKib: 1_048_576, passes: 64, lanes: 64 };

const form =
  /^\$telegraphist-key\$v=1\$argon2id\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)$/;

/** Whether a text was made by `lockText`. */
export function isLocked(text: string): boolean {
  return form.test(text.trim());
}

/** Seals a text with a key that argon2id makes of a passphrase; the result holds salt and cost. */
export async function lockText(text: string, passphrase: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const vault = await vaultOf(passphrase, salt, cost);
  const head = headOf(cost, salt);
  const { bytes } = vault.seal(Buffer.from(text), head);
  vault.close();
  return `${head}$${Buffer.from(bytes).toString("base64")}`;
}

/** @throws {TelegraphistError} `VAULT_WRONG_PASSPHRASE` when it is another one, or the text was changed */
export async function unlockText(locked: string, passphrase: string): Promise<string> {
  const [, memoryKib, passes, lanes, salt = "", sealed = ""] = form.exec(locked.trim()) ?? [];
  const asked: Cost = { memoryKib: Number(memoryKib), passes: Number(passes), lanes: Number(lanes) };
  if (!isAffordable(asked)) throw wrongPassphrase();
  const saltOf = Buffer.from(salt, "base64");
  const vault = await vaultOf(passphrase, saltOf, asked);
  try {
    const bytes = Buffer.from(sealed, "base64");
    return Buffer.from(vault.open({ keyId: vault.activeKeyId, bytes }, headOf(asked, saltOf))).toString();
  } catch (error) {
    throw hasCode(error, "VAULT_CORRUPT") ? wrongPassphrase(error) : error;
  } finally {
    vault.close();
  }
}

function isAffordable({ memoryKib, passes, lanes }: Cost): boolean {
  const isBounded = memoryKib <= most.memoryKib && passes <= most.passes && lanes <= most.lanes;
  return isBounded && passes >= 1 && lanes >= 1 && memoryKib >= 8 * lanes;
}

function headOf({ memoryKib, passes, lanes }: Cost, salt: Uint8Array): string {
  const shownSalt = Buffer.from(salt).toString("base64");
  return `$telegraphist-key$v=1$argon2id$m=${memoryKib},t=${passes},p=${lanes}$${shownSalt}`;
}

async function vaultOf(
  passphrase: string,
  salt: Uint8Array,
  { memoryKib, passes, lanes }: Cost,
): Promise<Vault> {
  // The same passphrase may come composed or decomposed, as keyboards differ.
  const message = Buffer.from(passphrase.normalize("NFKC"));
  const options = { message, nonce: salt, memory: memoryKib, passes, parallelism: lanes, tagLength: 32 };
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  argon2("argon2id", options, (error, derived) => (error === null ? resolve(derived) : reject(error)));
  const key = await promise.finally(() => message.fill(0));
  const id = keyIdOf(key);
  return createVault({ keys: [{ id, key }], activeKeyId: id });
}

function wrongPassphrase(cause?: unknown): TelegraphistError {
  return new TelegraphistError({
    code: "VAULT_WRONG_PASSPHRASE",
    category: "CONFIG",
    message: "Cannot open the keys with this passphrase: it is another one, or they were changed",
    cause,
  });
}
