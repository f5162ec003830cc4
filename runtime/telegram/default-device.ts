import { release, type } from "node:os";
import { version } from "../contract/index.ts";
import type { Device } from "./connection.ts";

/** What an account shows under "Devices" where the configuration says nothing else. */
export const defaultDevice: Device = {
  model: "Telegraphist",
  systemVersion: `${type()} ${release()}`,
  appVersion: version,
};
