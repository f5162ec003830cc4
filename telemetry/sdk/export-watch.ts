import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { errorTypeOf, type Logger } from "../index.ts";

/** Anything that sends batches somewhere and tells how it went. */
export interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
}

/** Looks at every result of the exporters that it is put on, and tells a person when it turns. */
export interface ExportWatch {
  on<Batch>(exporter: Exporter<Batch>): void;
}

/**
 * Makes a watch with one line for the first failure of many and one for the first success after it.
 *
 * @param signal each has a watch of its own, as a collector may take the one and not the other
 */
export function createExportWatch(logger: Logger, signal: "traces" | "metrics"): ExportWatch {
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

  return {
    on(exporter) {
      const send = exporter.export.bind(exporter);
      exporter.export = (batch, done) =>
        send(batch, (result) => {
          judge(result);
          done(result);
        });
    },
  };
}
