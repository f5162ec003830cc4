import { z } from "zod";
import { definePlugin } from "../../../runtime/contract/index.ts";

export default definePlugin({
  name: "dependent",
  version: "1.0.0",
  description: "Starts after probe",
  config: z.object({}),
  permissions: {},
  requires: ["probe"],
  setup: () => undefined,
});
