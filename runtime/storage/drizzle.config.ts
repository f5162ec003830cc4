import { defineConfig } from "drizzle-kit";

/**
 * For `bunx drizzle-kit generate --config runtime/storage/drizzle.config.ts --name what_changes`. The file that it makes is
 * then listed in `migrations.ts`; one that was released is never changed.
 */
export default defineConfig({
  dialect: "sqlite",
  schema: "./runtime/storage/schema/*.ts",
  out: "./runtime/storage/migrations",
});
