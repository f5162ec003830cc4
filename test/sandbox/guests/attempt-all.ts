/** Makes each attempt, one after the other, and prints what became of it: `done`, or the code of the refusal. */
export async function attemptAll(attempts: Readonly<Record<string, () => unknown>>): Promise<void> {
  const outcomes: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      outcomes[name] = "done";
    } catch (error) {
      const isCoded = error instanceof Error && "code" in error;
      outcomes[name] = isCoded ? String(error.code) : `refused: ${String(error)}`;
    }
  }
  process.stdout.write(JSON.stringify(outcomes));
}
