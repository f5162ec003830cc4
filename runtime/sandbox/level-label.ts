/** The name of a level, as `landlock:7+seccomp`. */
export function levelLabel(landlockAbi: number, hasSeccomp: boolean): string {
  const parts = [...(landlockAbi > 0 ? [`landlock:${landlockAbi}`] : []), ...(hasSeccomp ? ["seccomp"] : [])];
  return parts.length === 0 ? "none" : parts.join("+");
}
