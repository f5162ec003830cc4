import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { z } from "zod";
import type { Admin } from "../../runtime/admin/index.ts";
import { findChromium } from "../support/chromium.ts";
import { ask, sampleAdmin, token, trace } from "./sample-admin.ts";

const executablePath = findChromium();

if (executablePath === undefined) {
  process.stderr.write(
    "Skipped the page tests: install Chromium (apt-get install chromium) or set CHROMIUM_PATH\n",
  );
}

describe.skipIf(executablePath === undefined)("the pages in a browser", () => {
  let browser: Browser;
  let admin: Admin;
  let url: string;
  let asked: readonly string[];

  beforeAll(async () => {
    const sample = sampleAdmin();
    ({ admin, asked } = sample);
    url = await admin.listen({ host: "127.0.0.1", port: 0 });
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: ["--no-sandbox"],
    });
  }, 30_000);

  afterAll(async () => {
    await browser?.close();
    await admin?.stop();
  });

  /** Runs with a fresh profile, and tells what the page asked for elsewhere or was refused by its own policy. */
  async function visit(run: (page: Page) => Promise<void>): Promise<readonly string[]> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith("data:"))
        complaints.push(request.url());
    });
    await run(page);
    await context.close();
    return complaints;
  }

  test("/docs draws every route from its own files, and tries one", async () => {
    const complaints = await visit(async (page) => {
      await page.goto(`${url}/docs?token=${token}`);
      expect(page.url()).toBe(`${url}/docs`);
      const route = page.locator(".opblock", { hasText: "/api/plugins/{name}/restart" });
      await route.click();
      await route.getByRole("button", { name: "Try it out" }).click();
      await route.getByPlaceholder("name").fill("autoresponder");
      await route.getByRole("button", { name: "Execute" }).click();
      await route.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
      expect(await page.locator(".opblock").count()).toBe(await countRoutes(admin));
    });
    expect(asked).toEqual(["restart autoresponder"]);
    expect(complaints).toEqual([]);
  }, 30_000);

  test("/traces shows a waterfall whose bars lie where the spans do", async () => {
    const complaints = await visit(async (page) => {
      await page.goto(`${url}/traces?token=${token}`);
      expect(await page.locator("details.trace[open] svg text").allTextContents()).toContain(
        "telegram.rpc messages.sendMessage: FLOOD_WAIT",
      );
      const bars = page.locator("rect.bar");
      expect(await bars.count()).toBe(trace.spans.length);
      const [whole, rpc] = await Promise.all([bars.nth(0).boundingBox(), bars.nth(2).boundingBox()]);
      expect((rpc?.width ?? 0) / (whole?.width ?? 1)).toBeCloseTo(0.4, 1);
      expect((rpc?.x ?? 0) - (whole?.x ?? 0)).toBeCloseTo((whole?.width ?? 0) / 2, 0);
    });
    expect(complaints).toEqual([]);
  }, 30_000);

  test("a person without the token types it once", async () => {
    await visit(async (page) => {
      await page.goto(`${url}/`);
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Open" }).click();
      await page.getByRole("link", { name: "Traces" }).click();
      await page.locator("details.trace").first().waitFor();
      expect(page.url()).toBe(`${url}/traces`);
    });
  }, 30_000);
});

const specification = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** How many the specification has. */
async function countRoutes(admin: Admin): Promise<number> {
  const { paths } = specification.parse(await (await ask(admin, "/openapi.json")).json());
  return Object.values(paths).flatMap((operations) => Object.keys(operations)).length;
}
