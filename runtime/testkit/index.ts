export type { Testbed, TestbedOptions, TestPlugin } from "./testbed.ts";
export { startTestbed } from "./testbed.ts";
