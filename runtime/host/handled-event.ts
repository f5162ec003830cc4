import { AsyncLocalStorage } from "node:async_hooks";
import type { EventId } from "../contract/index.ts";

/** The event whose handler made what is done now. */
export const handledEvent = new AsyncLocalStorage<EventId>();
