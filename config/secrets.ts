/** A key whose name tells that its value is nobody's business, and that value. */
const secretValue =
  /((?:phone|hash|pass(?:word|phrase)?|secret|token|api_?key|private_?key|value)["']?\s*:\s*)("[^"]*"?|'[^']*'?|[^\s,#{}[\]$][^,#{}[\]]*)/gi;
/** What looks like a phone number or a key wherever it stands, since a mistake may have moved it. */
const secretLooking = /\+?\d{7,}|[0-9a-fA-F]{24,}/g;

/** A line of the file that can be shown: secrets become dots of the same length, control characters are gone. */
export function withoutSecrets(line: string): string {
  return line
    .replace(secretValue, (_, key: string, value: string) => key + dots(value))
    .replace(secretLooking, dots)
    .replace(/(?!\t)\p{Cc}/gu, " ");
}

function dots(text: string): string {
  return "•".repeat(text.length);
}
