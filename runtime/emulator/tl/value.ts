/**
 * A TL value as plain data. By TL type: `int` and `double` are numbers, `long` is a bigint (signed), `int128` and
 * `int256` and `bytes` are `Uint8Array`, `string` is a string, `Bool` and `true` flags are booleans, `Vector` is an
 * array, and an object has its constructor's full name in `_`. A conditional field that is not set is left out.
 */
export type TlValue = number | bigint | string | boolean | Uint8Array | readonly TlValue[] | TlObject;

export interface TlObject {
  readonly _: string;
  readonly [field: string]: TlValue | undefined;
}
