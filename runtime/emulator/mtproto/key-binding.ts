import { openOldMessage } from "../crypto/message-crypto.ts";
import { RpcError } from "../methods/rpc.ts";
import type { TlCodec } from "../tl/codec.ts";
import { TlError } from "../tl/tl-error.ts";
import { TlReader } from "../tl/tl-reader.ts";
import type { TlObject, TlValue } from "../tl/value.ts";
import type { AuthKey, AuthKeys } from "./auth-keys.ts";
import type { Session } from "./session.ts";

interface Binding {
  readonly keys: AuthKeys;
  readonly codec: TlCodec;
  readonly nowMs: number;
}

/** Random bytes, message id, sequence number, and length before the inner message. */
const headBytes = 32;
const keyIdBytes = 8;
const messageKeyBytes = 16;

/**
 * Binds the temporary key that the message came over to a permanent one, which proves itself by the inner message
 * (core.telegram.org/method/auth.bindTempAuthKey).
 *
 * @throws {RpcError} `TEMP_AUTH_KEY_EMPTY`, `EXPIRES_AT_INVALID`, `ENCRYPTED_MESSAGE_INVALID`
 */
export function bindTemporaryKey(
  { codec, keys, nowMs }: Binding,
  session: Session,
  messageId: bigint,
  request: TlObject,
): true {
  const temporary = session.key;
  if (temporary.expiresAtMs === null) throw new RpcError(400, "TEMP_AUTH_KEY_EMPTY");
  if (Number(request.expires_at) * 1000 <= nowMs) throw new RpcError(400, "EXPIRES_AT_INVALID");
  const permanent = keys.get(hexOf(request.perm_auth_key_id));
  const inner = permanent === undefined ? null : openInner(codec, permanent, request, messageId);
  if (
    permanent?.expiresAtMs !== null ||
    inner?._ !== "bind_auth_key_inner" ||
    inner.nonce !== request.nonce ||
    inner.perm_auth_key_id !== request.perm_auth_key_id ||
    inner.temp_session_id !== session.numericId ||
    hexOf(inner.temp_auth_key_id) !== temporary.id
  ) {
    throw new RpcError(400, "ENCRYPTED_MESSAGE_INVALID");
  }
  keys.bind(temporary, permanent);
  return true;
}

/** Null when it was made with another key, or for another message. */
function openInner(
  codec: TlCodec,
  permanent: AuthKey,
  { encrypted_message: sealed }: TlObject,
  messageId: bigint,
): TlObject | null {
  if (!(sealed instanceof Uint8Array) || sealed.length < keyIdBytes + messageKeyBytes + headBytes)
    return null;
  const lengthOf = (opened: Uint8Array) => headBytes + new TlReader(opened.subarray(headBytes - 4)).uint32();
  const message = openOldMessage(permanent.bytes, sealed.subarray(keyIdBytes), lengthOf);
  if (message === null || new TlReader(message.subarray(16)).long() !== messageId) return null;
  try {
    return codec.decode(message.subarray(headBytes));
  } catch (error) {
    if (error instanceof TlError) return null;
    throw error;
  }
}

/** An id as the key store has it: the bytes of the number in the order of the wire. */
function hexOf(id: TlValue | undefined): string {
  if (typeof id !== "bigint") return "";
  const bytes = Buffer.alloc(keyIdBytes);
  bytes.writeBigInt64LE(id);
  return bytes.toString("hex");
}
