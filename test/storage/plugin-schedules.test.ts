import { expect, test } from "bun:test";
import { parsePluginName } from "../../runtime/contract/index.ts";
import { memoryStorage } from "./fixture.ts";

const one = parsePluginName("one");
const other = parsePluginName("other");

test("PluginScheduleRepository keeps the latest time under each key of each plugin", async () => {
  await using storage = await memoryStorage();
  const { pluginSchedules } = storage;
  await pluginSchedules.set(one, "after x", 1);
  await pluginSchedules.set(one, "after x", 2);
  await pluginSchedules.set(other, "after x", 3);
  expect(await pluginSchedules.get(one, "after x")).toBe(2);
  expect(await pluginSchedules.get(one, "cron x")).toBeNull();
  await pluginSchedules.delete(one, "after x");
  expect(await pluginSchedules.get(one, "after x")).toBeNull();
  expect(await pluginSchedules.get(other, "after x")).toBe(3);
});

test("PluginScheduleRepository forgets plugins that are gone", async () => {
  await using storage = await memoryStorage();
  const { pluginSchedules } = storage;
  for (const plugin of [one, other]) await pluginSchedules.set(plugin, "after x", 1);
  await pluginSchedules.retain([one]);
  expect(await pluginSchedules.get(other, "after x")).toBeNull();
  await pluginSchedules.forget(one);
  expect(await pluginSchedules.get(one, "after x")).toBeNull();
});
