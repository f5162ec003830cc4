import { release, type } from "node:os";
import type { Device } from "./connection.ts";

/** What an account shows under "Devices" where the configuration says nothing else. */
export const defaultDevice: Device = {
  model: "Telegraphist",
  systemVersion: `${type()} ${release()}`,
  appVersion: "0.1.0",
};
