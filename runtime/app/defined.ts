/** The same values without those that are `undefined`, which an optional key may not be given as. */
export function definedOf<T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // Only entries of the same object; a key that was there with `undefined` is an optional one.
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
