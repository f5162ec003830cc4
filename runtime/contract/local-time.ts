/** Days in the order of a week, as configurations name them. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export type Weekday = (typeof weekdays)[number];

/** A moment as a clock on the wall of some place shows it. */
export interface LocalTime {
  /** `2026-01-31` */
  readonly date: string;
  /** `23:59:59` */
  readonly time: string;
  readonly weekday: Weekday;
  /** 0 to 1439 */
  readonly minuteOfDay: number;
}

const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/**
 * Reads a moment in a time zone, daylight saving included.
 *
 * @param timeZone IANA name. @default the host's
 * @throws {RangeError} when there is no such zone
 */
export function localTimeOf(atMs: number, timeZone?: string): LocalTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}:${part("second")}`,
    weekday: weekdays.find((day) => day === part("weekday").toLowerCase()) ?? "mon",
    minuteOfDay: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

/** Whether the host's calendar knows a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function formatOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    ...(timeZone === undefined ? {} : { timeZone }),
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}
