export type { EmulatedStage } from "./emulated-stage.ts";
export type {
  ChatOptions,
  MessageLike,
  Person,
  PersonOptions,
  Place,
  PluginOptions,
  PluginsOptions,
  Refusal,
  SharedOptions,
  Stage,
  Testbed,
  TestChat,
  TestClock,
  TestFile,
  TestMessage,
  TestPlugin,
  WaitOptions,
  WriteOptions,
} from "./face.ts";
export type { OpenTestbed } from "./running-testbed.ts";
export { startTestbed } from "./testbed.ts";
