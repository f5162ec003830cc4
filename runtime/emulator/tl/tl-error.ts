/** A value or a message that does not fit the schema; the message names the constructor and the field. */
export class TlError extends Error {
  override readonly name = "TlError";
  /** The constructor id that no schema has, when that is what is wrong. */
  readonly unknownId: number | null;

  constructor(message: string, unknownId: number | null = null) {
    super(message);
    this.unknownId = unknownId;
  }
}
