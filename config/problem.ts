/** A place in a document by its keys and indexes. */
export type ConfigPath = readonly (string | number)[];

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a configuration, and where. Holds no value of the file or the environment. */
export interface ConfigProblem extends Position {
  readonly file: string;
  /** `plugins.archive.allow`; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it: `did you mean "storage"?` */
  readonly hint?: string;
}

/** A path as it is shown: `telegram.server.dataCentres[0].port`. */
export function shownPath(path: ConfigPath): string {
  return path.reduce<string>(
    (shown, part) =>
      typeof part === "number" ? `${shown}[${part}]` : shown === "" ? part : `${shown}.${part}`,
    "",
  );
}

/** The hint that names what was meant; none when nothing is near. */
export function didYouMean(candidate: string | undefined): { readonly hint?: string } {
  return candidate === undefined ? {} : { hint: `did you mean "${candidate}"?` };
}
