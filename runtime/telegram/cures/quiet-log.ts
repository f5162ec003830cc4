import type { Logger } from "../../../telemetry/index.ts";
import { GramLogger, type GramLogLevel } from "../gramjs.ts";

/**
 * Cures G18: GramJS prints errors to the console beside its logger, whenever the logger would take errors, and puts
 * bytes of answers into its lines. This logger says that it takes none, and passes on what comes at the `debug` level
 * with all but the fixed beginning cut off.
 */
export class QuietLog extends GramLogger {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
  }

  override canSend(): boolean {
    return false;
  }

  override _log(level: GramLogLevel, message: string): void {
    if (level !== "warn" && level !== "error") return;
    this.#logger.debug("GramJS wrote to its log", { line: fixedPart(message) });
  }
}

/** What stands before the first value that GramJS put into the line. */
function fixedPart(message: string): string {
  return (message.split(/[:\d{<]/, 1)[0] ?? "").trim().slice(0, 80);
}
