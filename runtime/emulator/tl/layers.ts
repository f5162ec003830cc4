import apiSchema from "telegram/tl/apiTl.js";

/** One layer of Telegram's API: the TL text that its clients were built from. */
export interface ApiLayer {
  readonly layer: number;
  readonly schema: string;
}

/** The layer of npm `telegram` 2.26.22, from the text that it ships (`tl/AllTLObjects.js` names the number). */
export const gramjsLayer: ApiLayer = { layer: 198, schema: apiSchema };
