import { TlCodec } from "../tl/codec.ts";
import type { ApiLayer } from "../tl/layers.ts";
import { serviceSchema } from "./service-schema.ts";

/** One codec per layer of the API, each made when it is first used, and the one of MTProto. */
export class Codecs {
  readonly #schemas: ReadonlyMap<number, string>;
  readonly #codecs = new Map<number, TlCodec>();
  readonly highestLayer: number;
  /** The messages of MTProto itself. */
  readonly service = new TlCodec(serviceSchema);

  /** @throws {RangeError} when there is no layer */
  constructor(layers: readonly ApiLayer[]) {
    if (layers.length === 0) throw new RangeError("Cannot serve clients: no layer is given");
    this.#schemas = new Map(layers.map(({ layer, schema }) => [layer, schema]));
    this.highestLayer = Math.max(...this.#schemas.keys());
  }

  /** The codec of a layer; of the highest when that layer is not known. */
  of(layer: number): TlCodec {
    const known = this.#schemas.has(layer) ? layer : this.highestLayer;
    const codec = this.#codecs.get(known) ?? new TlCodec(this.#schemas.get(known) ?? "");
    this.#codecs.set(known, codec);
    return codec;
  }
}
