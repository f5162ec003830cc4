import { hasCode } from "../../contract/index.ts";

/**
 * What a call is answered, or `null` where Telegram refuses it since what it would bring about is so already: a call that
 * is repeated comes to the same.
 *
 * @param code by which Telegram says so
 */
export async function unlessSo<Answer>(code: string, answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, code)) return null;
    throw error;
  }
}
