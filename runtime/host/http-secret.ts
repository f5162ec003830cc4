/** A secret that the host puts into requests, so that the plugin never has it. */
export interface HttpSecret {
  /** By which the configuration and error messages name it. */
  readonly name: string;
  /** 8 printable ASCII characters at least. */
  readonly value: string;
  /** Where it is sent, and nowhere else; as in `net`, but never `*`. */
  readonly hosts: readonly string[];
  readonly header: string;
  /** The header's value; `{}` stands for the secret. */
  readonly format: string;
  /** Whose requests it is put into. */
  readonly plugins: readonly string[];
}
