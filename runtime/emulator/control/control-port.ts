import type { ConnectionView, MtprotoStats } from "../mtproto/server.ts";
import type { World } from "../world/world.ts";

/** What the control shows and steers. */
export interface ControlPort {
  readonly world: World;
  connections(): readonly ConnectionView[];
  stats(): MtprotoStats;
  /** As `Emulator.halt()` and `Emulator.resume()`. */
  halt(): void;
  resume(): void;
  /** What a client must know to connect. */
  server(): {
    readonly dataCentres: readonly { readonly id: number; readonly host: string; readonly port: number }[];
    readonly publicKeyPem: string;
  };
}
