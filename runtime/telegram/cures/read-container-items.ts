import { type BinaryReader, MessageContainer, TLMessage } from "../gramjs.ts";

/**
 * Cures a part of G20: GramJS reads a container as a whole, so one item that the schema does not have takes the others,
 * answers among them, along. Here such an item fails when it is handled, and alone. Once is enough for the whole
 * program, since GramJS reads containers in a place of its own.
 */
export function readContainerItems(): void {
  MessageContainer.fromReader = async (reader: BinaryReader) => {
    const messages: TLMessage[] = [];
    for (let left = reader.readInt(); left > 0; left -= 1) {
      const [msgId, seqNo, lengthBytes] = [reader.readLong(), reader.readInt(), reader.readInt()];
      const start = reader.tellPosition();
      messages.push(new TLMessage(msgId, seqNo, read(reader)));
      reader.setPosition(start + lengthBytes);
    }
    return new MessageContainer(messages);
  };
}

function read(reader: BinaryReader): unknown {
  try {
    return reader.tgReadObject();
  } catch (error) {
    const failed = Promise.reject(error);
    // Whoever handles the item hears of it; nobody has to.
    failed.catch(() => undefined);
    return failed;
  }
}
