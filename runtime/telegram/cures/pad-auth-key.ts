import { AuthKey } from "../gramjs.ts";

/** A key's length is fixed by the 2048-bit prime of the exchange. Source: core.telegram.org/mtproto/auth_key. */
const keyBytes = 256;

const setKey = AuthKey.prototype.setKey;

/**
 * Cures what is not in the list of defects: GramJS writes the key that it agreed on as a number, so one that begins with
 * a zero byte, as every 256th does, comes out a byte short, and the first login fails with "invalid new nonce hash".
 * Once is enough for the whole program, since GramJS makes the key in a place of its own.
 */
export function padAuthKeys(): void {
  AuthKey.prototype.setKey = function (this: AuthKey, value?: Buffer | AuthKey) {
    if (!(value instanceof Uint8Array) || value.length >= keyBytes) return setKey.call(this, value);
    return setKey.call(this, Buffer.concat([Buffer.alloc(keyBytes - value.length), value]));
  };
}
