/** A value or a message that does not fit the schema; the message names the constructor and the field. */
export class TlError extends Error {
  override readonly name = "TlError";
}
