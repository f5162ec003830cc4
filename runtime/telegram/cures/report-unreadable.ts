import { type MTProtoSender, TypeNotFoundError } from "../gramjs.ts";
import { internalsOf } from "./sender-internals.ts";

/**
 * Cures G20: a message with a constructor that the schema does not have (a newer server's) is dropped whole and without
 * a word. It is dropped still, as the codec cannot skip it, yet whoever listens learns of the loss and can fetch.
 */
export function reportUnreadable(
  sender: MTProtoSender,
  onUnreadable: (error: TypeNotFoundError) => void,
): void {
  const state = internalsOf(sender)._state;
  const decrypt = state.decryptMessageData.bind(state);
  state.decryptMessageData = async (body) => {
    try {
      return await decrypt(body);
    } catch (error) {
      if (error instanceof TypeNotFoundError) onUnreadable(error);
      throw error;
    }
  };
}
