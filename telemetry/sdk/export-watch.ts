import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { errorTypeOf, type Logger } from "../index.ts";

/** Anything that sends batches somewhere and tells how it went. */
export interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
}

/**
 * Looks at every result of an exporter, and tells a person when it turns: one line for the first failure of many, one
 * for the first success after it.
 */
export function watchExports<Batch>(
  exporter: Exporter<Batch>,
  signal: "traces" | "metrics",
  logger: Logger,
): void {
  const send = exporter.export.bind(exporter);
  let failing = false;

  function judge({ code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed === failing) return;
    failing = failed;
    if (failed) {
      logger.warn(
        `Cannot export ${signal}, going on without: check the OTLP endpoint and whether its collector runs`,
        { errorType: errorTypeOf(error) },
      );
    } else {
      logger.info(`Exporting ${signal} works again`);
    }
  }

  exporter.export = (batch, done) =>
    send(batch, (result) => {
      judge(result);
      done(result);
    });
}
