/** The answer of a route that only does something. */
export function done(action: () => void): { readonly ok: true } {
  action();
  return { ok: true };
}
