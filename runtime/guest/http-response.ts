import { type HttpResponse, TelegraphistError } from "../contract/index.ts";

/** An answer whose body has come. */
export function httpResponseOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): HttpResponse {
  const text = (): string => new TextDecoder().decode(body);
  return { status, headers, body, text, json: () => parseJson(text()) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TelegraphistError({
      code: "HTTP_INVALID_JSON",
      category: "NETWORK",
      message: "Cannot read HTTP answer as JSON: it is not",
      cause,
    });
  }
}
