interface SecretShape {
  readonly pattern: RegExp;
  /** Decides on what the pattern caught; without it all of that is secret. */
  readonly isSecret?: (caught: string) => boolean;
}

/**
 * What a secret looks like when no name tells of it. Order matters: the narrow shapes go first, so that a wide one does
 * not leave their rest behind.
 */
const shapes: readonly SecretShape[] = [
  { pattern: /(?<=\bBearer\s+)[^\s"',;]+/gi },
  { pattern: /(?<=[?&](?:token|code|key|secret|password|hash|phone)=)[^&\s"']+/gi },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  // A bot's token, as BotFather gives it.
  { pattern: /(?<![\w-])\d{6,12}:[\w-]{30,}/g },
  // Keys in hex, and the api_hash of my.telegram.org.
  { pattern: /(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/gi },
  // Keys, tokens and GramJS's StringSession ("1" and 352 characters) in base64 or base64url.
  { pattern: /[A-Za-z0-9+/_-]{40,}={0,2}/g, isSecret: looksRandom },
  { pattern: /(?<![\w.-])\+\d[\d ()-]{6,18}\d(?![\w-])/g },
  { pattern: /(?<![\w.-])\d{10,15}(?![\w-])/g },
];

/** What every shape has some of: most texts have none, and are done with after one look. */
const suspect = /\d{10}|\+\d|[\w+/-]{30}|bearer\s|[?&]|PRIVATE KEY/i;

/** The text with the mask in the place of everything that has the shape of a secret. */
export function maskedSecrets(text: string, mask: string): string {
  if (!suspect.test(text)) return text;
  let result = text;
  for (const { pattern, isSecret } of shapes) {
    result = result.replace(pattern, (caught) =>
      isSecret === undefined || isSecret(caught) ? mask : caught,
    );
  }
  return result;
}

/**
 * Tells random base64 from a path or a long name: neighbours are of different kinds (upper, lower, digit, sign) in 64%
 * of random pairs, and in about 20% of what a person named.
 */
function looksRandom(text: string): boolean {
  let changes = 0;
  for (let index = 1; index < text.length; index++) {
    if (kindOf(text.charCodeAt(index)) !== kindOf(text.charCodeAt(index - 1))) changes++;
  }
  return changes / text.length > 0.4;
}

function kindOf(code: number): "digit" | "upper" | "lower" | "sign" {
  if (code >= 48 && code <= 57) return "digit";
  if (code >= 65 && code <= 90) return "upper";
  if (code >= 97 && code <= 122) return "lower";
  return "sign";
}
