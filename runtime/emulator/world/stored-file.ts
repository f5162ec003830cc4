export interface StoredFile {
  readonly id: bigint;
  readonly accessHash: bigint;
  readonly dataCentreId: number;
  readonly bytes: Uint8Array;
  readonly dateS: number;
}
