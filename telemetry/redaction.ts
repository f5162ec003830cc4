const secretKey =
  /pass(word|phrase)?$|secret|token|api_?(key|hash)|auth_?key|session|phone|code_?hash|authorization|cookie/i;
const phoneNumber = /(?<![\w.-])\+?\d{10,15}(?![\w.-])/g;

/** Masks what stands under a telling name, at any depth; errors become their code and message. */
export function redactedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    result[key] = secretKey.test(key) ? "[redacted]" : redactedValue(value, 0);
  }
  return result;
}

/** Masks what looks like a phone number in running text. */
export function redactedText(text: string): string {
  return text.replace(phoneNumber, "[redacted]");
}

function redactedValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) {
    const code = "code" in value && typeof value.code === "string" ? value.code : value.name;
    return { code, message: redactedText(value.message) };
  }
  if (typeof value === "bigint") return String(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (typeof value !== "object" || value === null) return value;
  if (depth > 6) return "[too deep]";
  if (Array.isArray(value)) return value.map((item) => redactedValue(item, depth + 1));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    result[key] = secretKey.test(key) ? "[redacted]" : redactedValue(item, depth + 1);
  }
  return result;
}
