/** A size as people read it. */
export function sizeText(sizeBytes: number): string {
  return sizeBytes < 1024 * 1024
    ? `${Math.ceil(sizeBytes / 1024)} KiB`
    : `${(sizeBytes / 1024 / 1024).toFixed(1)} MiB`;
}
