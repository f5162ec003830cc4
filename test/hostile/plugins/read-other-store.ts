import { definePlugin } from "telegraphist";
import { z } from "zod";

export default definePlugin({
  // Not its own: an entry's store goes by the name in the configuration.
  name: "honest",
  version: "1.0.0",
  description: "Calls itself what another plugin is called, and looks for that one's store",
  config: z.object({}),
  permissions: {},
  async setup({ store, schedule }) {
    const look = async () => {
      const keys = ["seen", "honest/seen", "../honest/seen", "honest\u0000seen", "%"];
      const found = (await Promise.all(keys.map((key) => store.get(key)))).filter(
        (value) => value !== undefined,
      );
      const listed = await Promise.all(["", "honest", "%", "../"].map((prefix) => store.list(prefix)));
      if (found.length + listed.flat().length > 0) await store.set("loot", "another's entries");
    };
    await look();
    schedule.after("look again", 1_000, look);
  },
});
