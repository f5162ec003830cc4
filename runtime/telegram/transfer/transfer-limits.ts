/**
 * Bytes of one part, up and down: the largest that uploads take, and one that divides the 1 MiB windows which downloads
 * must stay within. Source: core.telegram.org/api/files.
 */
export const partBytes = 512 * 1024;

/** Parts on their way at once; a transfer holds this many times `partBytes` in memory. */
export const partsInFlight = 8;

/** The time of a transfer that names none. */
export const transferTimeoutMs = 3_600_000;
