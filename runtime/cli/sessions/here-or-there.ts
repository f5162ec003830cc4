import { hasCode } from "../../contract/index.ts";

/**
 * Does something with a session in this process, or has the program do it that has the session.
 *
 * @throws {TelegraphistError} `LEASE_HELD` where another process has it that cannot be asked, and what either throws
 */
export async function hereOrThere<T>(here: () => Promise<T>, there: () => Promise<T>): Promise<T> {
  try {
    return await here();
  } catch (held) {
    if (!hasCode(held, "LEASE_HELD")) throw held;
    try {
      return await there();
    } catch (error) {
      throw hasCode(error, "CLI_NOT_RUNNING") ? held : error;
    }
  }
}
