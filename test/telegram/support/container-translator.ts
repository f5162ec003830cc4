import type { Clock, TelegraphistEvent } from "../../../runtime/contract/index.ts";
import type { Api } from "../../../runtime/telegram/gramjs.ts";
import type { PeerResolver } from "../../../runtime/telegram/peers/peer-resolver.ts";
import type { RpcPort } from "../../../runtime/telegram/rpc-port.ts";
import { unpackUpdates } from "../../../runtime/telegram/updates/unpack-updates.ts";
import {
  createUpdateTranslator,
  type UpdateTranslator,
} from "../../../runtime/telegram/updates/update-translator.ts";
import type { Logger } from "../../../telemetry/index.ts";

/** A translator that takes whole containers, as they are pushed. */
export interface ContainerTranslator extends Pick<UpdateTranslator, "stats"> {
  translate(container: Api.TypeUpdates): Promise<readonly TelegraphistEvent[]>;
}

export function containerTranslator(options: {
  readonly rpc: RpcPort;
  readonly peers: PeerResolver;
  readonly clock: Clock;
  readonly logger: Logger;
}): ContainerTranslator {
  const { clock, peers, rpc } = options;
  const translator = createUpdateTranslator(options);
  return {
    stats: translator.stats,
    async translate(container) {
      const receivedAtMs = clock.now();
      const unpacked = unpackUpdates(container, rpc.account.userId);
      if (unpacked === null) {
        translator.countEmpty(container.className);
        return [];
      }
      await peers.store.remember(unpacked);
      return translator.translate(unpacked.updates, { ...unpacked, receivedAtMs });
    },
  };
}
