export { cancelled, createClock, type MachineTime, maxSleepMs, sleepUntil, systemClock } from "./clock.ts";
export { type DeadlineOptions, withDeadline } from "./deadline.ts";
export { createHandClock, type HandClock } from "./hand-clock.ts";
export { Scope, type ScopeOptions } from "./scope.ts";
