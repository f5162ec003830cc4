import { describe, expect, test } from "bun:test";
import { thresholds } from "../../config/index.ts";

describe("thresholds", () => {
  test("have a warning below what is critical", () => {
    const { resources, errorRates } = thresholds;
    for (const { warningUsage, criticalUsage } of Object.values(resources)) {
      expect(warningUsage).toBeLessThan(criticalUsage);
    }
    expect(errorRates.api.warningRate).toBeLessThan(errorRates.api.criticalRate);
  });

  test("have rising percentiles of the response time", () => {
    const { p95Ms, p99Ms, maxMs } = thresholds.responseTime.api;
    expect([p95Ms, p99Ms, maxMs]).toEqual([p95Ms, p99Ms, maxMs].toSorted((a, b) => a - b));
  });

  test("try the more important alerts sooner and more often", () => {
    const { high, medium, low } = thresholds.alertingMatrix;
    expect(high.retryIntervalMs).toBeLessThan(medium.retryIntervalMs);
    expect(medium.retryIntervalMs).toBeLessThan(low.retryIntervalMs);
    expect([high.maxRetries, medium.maxRetries, low.maxRetries]).toEqual([3, 2, 1]);
  });
});
