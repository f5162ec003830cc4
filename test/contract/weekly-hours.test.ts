import { describe, expect, test } from "bun:test";
import { isTimeZone, isWithinHours, localTimeOf, nextOpening } from "telegraphist";

const berlin = "Europe/Berlin";
const at = (text: string) => Date.parse(text);

describe("localTimeOf()", () => {
  test("reads the wall clock of a zone on both sides of daylight saving", () => {
    expect(localTimeOf(at("2026-01-31T23:30:05Z"), berlin)).toEqual({
      date: "2026-02-01",
      time: "00:30:05",
      weekday: "sun",
      minuteOfDay: 30,
    });
    expect(localTimeOf(at("2026-07-01T10:00:00Z"), berlin).time).toBe("12:00:00");
  });

  test("throws for a zone that is not there", () => {
    expect(() => localTimeOf(0, "Europe/Nowhere")).toThrow(RangeError);
  });
});

test("isTimeZone() tells known names from unknown ones", () => {
  expect(isTimeZone("Asia/Kathmandu")).toBe(true);
  expect(isTimeZone("Asia/Nowhere")).toBe(false);
});

describe("isWithinHours()", () => {
  const office = { timeZone: berlin, from: "09:00", to: "17:30" };
  const night = { timeZone: berlin, weekdays: ["fri"], from: "22:00", to: "06:00" } as const;

  test.each([
    ["2026-03-02T07:59:59Z", false],
    ["2026-03-02T08:00:00Z", true],
    ["2026-03-02T16:29:59Z", true],
    ["2026-03-02T16:30:00Z", false],
  ])("holds its start and leaves out its end: %s", (time, expected) => {
    expect(isWithinHours(office, at(time))).toBe(expected);
  });

  test.each([
    ["2026-03-06T20:59:00Z", false],
    ["2026-03-06T21:00:00Z", true],
    ["2026-03-07T04:59:00Z", true],
    ["2026-03-07T05:00:00Z", false],
    ["2026-03-07T22:00:00Z", false],
    ["2026-03-06T01:00:00Z", false],
  ])("goes over midnight with the day on which it began: %s", (time, expected) => {
    expect(isWithinHours(night, at(time))).toBe(expected);
  });

  test("lasts 24 hours when both times are the same", () => {
    const saturday = { timeZone: "UTC", weekdays: ["sat"], from: "06:00", to: "06:00" } as const;
    expect(isWithinHours(saturday, at("2026-03-08T05:59:00Z"))).toBe(true);
    expect(isWithinHours(saturday, at("2026-03-08T06:00:00Z"))).toBe(false);
  });
});

describe("nextOpening()", () => {
  test("is now while the hours are open", () => {
    const now = at("2026-03-02T12:00:01.500Z");
    expect(nextOpening({ timeZone: "UTC", from: "09:00", to: "17:00" }, now)).toBe(now);
  });

  test("finds the first minute of the next day that counts", () => {
    const mondays = { timeZone: "UTC", weekdays: ["mon"], from: "09:07", to: "09:08" } as const;
    expect(nextOpening(mondays, at("2026-03-02T09:08:00Z"))).toBe(at("2026-03-09T09:07:00Z"));
  });

  test("opens by the wall clock on the day when clocks are changed", () => {
    const hours = { timeZone: berlin, from: "09:00", to: "10:00" };
    expect(nextOpening(hours, at("2026-03-28T12:00:00Z"))).toBe(at("2026-03-29T07:00:00Z"));
  });

  test("is null when no day counts", () => {
    expect(nextOpening({ timeZone: "UTC", weekdays: [], from: "09:00", to: "10:00" }, 0)).toBeNull();
  });
});
