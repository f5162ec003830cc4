import { type PluginContext, parsePluginName } from "telegraphist";
import { createStoreView } from "../../runtime/guest/index.ts";
import { createPluginStore } from "../../runtime/host/plugin-store.ts";
import { StorePace } from "../../runtime/host/store-pace.ts";
import { systemClock } from "../../runtime/scope/index.ts";
import { openStorage } from "../../runtime/storage/index.ts";
import { createKey, createVault } from "../../runtime/vault/index.ts";

export interface PluginStoreFixture extends AsyncDisposable, Pick<PluginContext<unknown>, "storeView"> {}

/** A plugin's store in a real database that is gone with the test. */
export async function openPluginStore(now: () => number): Promise<PluginStoreFixture> {
  const key = createKey();
  const vault = createVault({ keys: [key], activeKeyId: key.id });
  const storage = await openStorage({ path: ":memory:", vault, now });
  const pace = new StorePace(systemClock, new AbortController().signal);
  const store = createPluginStore(parsePluginName("plugin"), storage.pluginStore, pace);
  return {
    storeView: (prefix, schema) => createStoreView(store, prefix, schema),
    [Symbol.asyncDispose]: () => storage.close(),
  };
}
