import { localTimeOf, type Weekday, weekdays } from "./local-time.ts";

/** Hours that come back every week. */
export interface WeeklyHours {
  /** IANA name. @default the host's */
  readonly timeZone?: string | undefined;
  /** The days on which the hours begin. @default every day */
  readonly weekdays?: readonly Weekday[] | undefined;
  /** `HH:MM`, `00:00` to `23:59`; belongs to the hours. */
  readonly from: string;
  /** `HH:MM`; does not belong to them. Not after `from` means on the next day, so equal times are 24 hours. */
  readonly to: string;
}

const dayMinutes = 24 * 60;
const minuteMs = 60_000;

/** Whether a moment lies in the hours, by the wall clock of their time zone. */
export function isWithinHours(hours: WeeklyHours, atMs: number): boolean {
  const { minuteOfDay, weekday } = localTimeOf(atMs, hours.timeZone);
  const { from, length } = extentOf(hours);
  const sinceToday = minuteOfDay - from;
  if (sinceToday >= 0) return sinceToday < length && beginsOn(hours, weekday);
  return sinceToday + dayMinutes < length && beginsOn(hours, dayBefore(weekday));
}

/**
 * The first moment from `atMs` on that lies in the hours: `atMs` itself when they are open, else the start of a minute;
 * `null` when none comes within eight days.
 */
export function nextOpening(hours: WeeklyHours, atMs: number): number | null {
  if (isWithinHours(hours, atMs)) return atMs;
  // Walking by the wall clock, rather than adding hours to a date, is right on the days when clocks are changed.
  const stepMinutes = Math.min(15, extentOf(hours).length);
  const firstMs = Math.floor(atMs / minuteMs) * minuteMs;
  for (let minutes = stepMinutes; minutes <= 8 * dayMinutes; minutes += stepMinutes) {
    if (!isWithinHours(hours, firstMs + minutes * minuteMs)) continue;
    let opening = minutes;
    while (opening > 1 && isWithinHours(hours, firstMs + (opening - 1) * minuteMs)) opening -= 1;
    return firstMs + opening * minuteMs;
  }
  return null;
}

function extentOf({ from, to }: WeeklyHours): { readonly from: number; readonly length: number } {
  const start = minutesOf(from);
  const length = minutesOf(to) - start;
  return { from: start, length: length > 0 ? length : length + dayMinutes };
}

function minutesOf(clockTime: string): number {
  return Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3, 5));
}

function beginsOn(hours: WeeklyHours, weekday: Weekday): boolean {
  return hours.weekdays === undefined || hours.weekdays.includes(weekday);
}

function dayBefore(weekday: Weekday): Weekday {
  return weekdays.at(weekdays.indexOf(weekday) - 1) ?? weekday;
}
