import type { DeliveryCounts, EventsReport } from "./events.ts";
import type { IdleReport, SideMemory } from "./idle.ts";
import type { Machine } from "./machine.ts";
import type { Percentiles, Spread } from "./spread.ts";

/** What a person reads of a bench. */
export function reportText(report: EventsReport | IdleReport): string {
  return [
    machineLine(report.machine),
    ...(report.bench === "events" ? eventLines(report) : idleLines(report)),
  ]
    .join("\n")
    .concat("\n");
}

function eventLines({
  options,
  updatesPerSecond,
  cpuMicrosecondsPerUpdate,
  latency,
  delivery,
}: EventsReport) {
  const { messages, rounds, chats, seed } = options;
  return [
    `${rounds} rounds of ${messages} messages over ${chats} chats, seed ${seed}; min / median / max`,
    "",
    "updates per second",
    `  ours    ${spread(updatesPerSecond.ours, 0)}`,
    `  GramJS  ${spread(updatesPerSecond.gramjs, 0)}`,
    `  ratio   ${spread(updatesPerSecond.ratio, 2)}   (above 1: ours is faster)`,
    "processor time of an update, in microseconds",
    `  ours    ${spread(cpuMicrosecondsPerUpdate.ours, 0)}`,
    `  GramJS  ${spread(cpuMicrosecondsPerUpdate.gramjs, 0)}`,
    `  ratio   ${spread(cpuMicrosecondsPerUpdate.ratio, 2)}   (below 1: ours needs less)`,
    `milliseconds from sending to the handler at ${latency.perSecond} a second; p50 / p95 / p99 / max`,
    `  ours    ${percentiles(latency.ours)}`,
    `  GramJS  ${percentiles(latency.gramjs)}`,
    "messages, warm-up and latency included",
    `  ours    ${counts(delivery.ours)}`,
    `  GramJS  ${counts(delivery.gramjs)}`,
  ];
}

function idleLines({ options, ours, gramjs }: IdleReport) {
  return [
    `${options.rounds} rounds, each figure of a new process; MiB, min / median / max`,
    ...sideLines("ours", ours),
    ...sideLines("GramJS", gramjs),
  ];
}

function sideLines(name: string, { steps, perAccount }: SideMemory): readonly string[] {
  const line = (label: string, { rss, heap }: { readonly rss: Spread; readonly heap: Spread }) =>
    `  ${label.padEnd(16)} RSS ${spread(mebibytes(rss), 1)}   heap ${spread(mebibytes(heap), 2)}`;
  return [
    "",
    name,
    ...steps.map((step) => line(`${step.accounts} account(s)`, step)),
    line("one more account", perAccount),
  ];
}

function machineLine({ cpu, cores, platform, bun }: Machine): string {
  return `Bun ${bun} on ${platform}, ${cores} cores (${cpu})`;
}

function spread({ min, median, max }: Spread, digits: number): string {
  return [min, median, max].map((value) => value.toFixed(digits)).join(" / ");
}

function percentiles({ p50, p95, p99, max }: Percentiles): string {
  return [p50, p95, p99, max].map((value) => value.toFixed(2)).join(" / ");
}

function counts({ sent, received, lost, repeated, misordered }: DeliveryCounts): string {
  return `${received} of ${sent} came, ${lost} lost, ${repeated} twice, ${misordered} out of order`;
}

function mebibytes({ min, median, max }: Spread): Spread {
  return { min: min / 2 ** 20, median: median / 2 ** 20, max: max / 2 ** 20 };
}
