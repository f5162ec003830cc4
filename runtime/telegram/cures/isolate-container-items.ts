import { MessageContainer, type MTProtoSender } from "../gramjs.ts";
import { handleMessages, internalsOf, type ReceivedMessage } from "./sender-internals.ts";

interface Container {
  readonly messages: readonly ReceivedMessage<unknown>[];
}

/**
 * Cures G2: GramJS walks a container until the first item throws, and an `rpc_error` throws, so that the answers and
 * updates behind it in the same container are lost and their callers wait for ever.
 *
 * @param onItemFailed told of each item that could not be handled; the next items are handled all the same
 */
export function isolateContainerItems(sender: MTProtoSender, onItemFailed: (error: unknown) => void): void {
  const internals = internalsOf(sender);
  handleMessages<Container>(sender, MessageContainer, async (container) => {
    for (const item of container.obj.messages) {
      try {
        await internals._processMessage(item);
      } catch (error) {
        onItemFailed(error);
      }
    }
  });
}
