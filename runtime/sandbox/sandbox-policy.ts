/**
 * What a held process may use; what is not named here is refused. Paths are absolute, links in them are followed once,
 * at the launch; one that is not there grants nothing, and a file may stand where a folder is expected.
 */
export interface SandboxPolicy {
  /** Files that may be read. */
  readonly readFiles: readonly string[];
  /** Folders of which everything below may be listed and read. */
  readonly readFolders: readonly string[];
  /** Folders of which everything below may be listed, its files not read. */
  readonly listFolders: readonly string[];
  /** Folders of which everything below may be listed, read, made, changed, and removed. */
  readonly writeFolders: readonly string[];
  /** Programs that may be executed; of use only with `allowSubprocesses`. */
  readonly executables: readonly string[];
  /** Whether it may make other processes, which are held as it is. */
  readonly allowSubprocesses: boolean;
  readonly limits: SandboxLimits;
}

/** Bounds of one held process. */
export interface SandboxLimits {
  /** Memory, that of its programs too, past which the process is ended; 64 MiB and up. */
  readonly memoryBytes: number;
  /** Open descriptors; 16 and up. */
  readonly openFiles: number;
  /** Threads, those of its programs too, past which the process is ended; Bun itself has about 10. */
  readonly processes: number;
  /** Processor time in all, after which the process is ended. @default unbounded */
  readonly cpuSeconds?: number;
  /** Size of each file that it writes. */
  readonly fileSizeBytes: number;
}
