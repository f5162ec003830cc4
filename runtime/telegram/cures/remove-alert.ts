/**
 * Cures a defect that shows on Bun alone: at a constructor that it does not know GramJS calls `alert()` where there is
 * one, as in a browser. Bun's prints the text and stops the whole process until someone presses Enter.
 */
export function removeAlert(): void {
  Reflect.deleteProperty(globalThis, "alert");
}
