import type { ConfigDocument, TelegraphistConfig } from "../../config/index.ts";

/** A configuration that could be read, with the places of what is in it. */
export interface ReadConfig {
  readonly config: TelegraphistConfig;
  readonly document: ConfigDocument;
  readonly baseFolder: string;
}
