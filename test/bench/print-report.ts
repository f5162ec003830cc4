import type { AwayReport } from "./away.ts";
import type { DeliveryCounts } from "./delivery.ts";
import type { Comparison, EventsReport, SideName } from "./events.ts";
import type { IdleReport, SideMemory } from "./idle.ts";
import type { Machine } from "./machine.ts";
import type { IsolationComparison, PluginsReport } from "./plugins.ts";
import type { PoolReport } from "./pool.ts";
import type { TroubleReport } from "./pool-trouble.ts";
import type { Percentiles, Spread } from "./spread.ts";

export type Report = EventsReport | AwayReport | IdleReport | PluginsReport | PoolReport;

const sideNames: readonly (readonly [side: SideName, label: string])[] = [
  ["journal", "journal on"],
  ["straight", "journal off"],
  ["gramjs", "GramJS"],
];

/** What a person reads of a bench. */
export function reportText(report: Report): string {
  return [machineLine(report.machine), ...linesOf(report)].join("\n").concat("\n");
}

function linesOf(report: Report): readonly string[] {
  switch (report.bench) {
    case "events":
      return eventLines(report);
    case "away":
      return awayLines(report);
    case "idle":
      return idleLines(report);
    case "plugins":
      return pluginLines(report);
    case "pool":
      return poolLines(report);
    default:
      return report satisfies never;
  }
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
    ...comparisonLines(updatesPerSecond, "above 1: the first is faster"),
    "processor time of an update, in microseconds",
    ...comparisonLines(cpuMicrosecondsPerUpdate, "below 1: the first needs less"),
    `milliseconds from sending to the handler at ${latency.perSecond} a second; p50 / p95 / p99 / max`,
    ...sideNames.map(([side, label]) => line(label, percentiles(latency.sides[side]))),
    "messages, warm-up and latency included",
    ...sideNames.map(([side, label]) => line(label, counts(delivery[side]))),
  ];
}

function comparisonLines(comparison: Comparison, hint: string): readonly string[] {
  const { sides, journalToStraight, journalToGramjs, straightToGramjs } = comparison;
  return [
    ...sideNames.map(([side, label]) => line(label, spread(sides[side], 0))),
    line("on / off", `${spread(journalToStraight, 2)}   (${hint})`),
    line("on / GramJS", spread(journalToGramjs, 2)),
    line("off / GramJS", spread(straightToGramjs, 2)),
  ];
}

function awayLines({ options, seconds, cpuSeconds, peakRssBytes, delivery }: AwayReport): readonly string[] {
  const { messages, chats, channels, seed } = options;
  return [
    `${messages} messages over ${chats} chats and ${channels} channels while the program was stopped, seed ${seed}`,
    "",
    line("all had after", `${seconds.toFixed(1)} s (${(messages / seconds).toFixed(0)} a second)`),
    line("processor time", `${cpuSeconds.toFixed(1)} s`),
    line("peak RSS", `${(peakRssBytes / 2 ** 20).toFixed(0)} MiB`),
    line("messages", counts(delivery)),
  ];
}

function idleLines({ options, ours, gramjs }: IdleReport) {
  return [
    `${options.rounds} rounds, each figure of a new process; MiB, min / median / max`,
    ...sideLines("ours", ours),
    ...sideLines("GramJS", gramjs),
  ];
}

function poolLines(report: PoolReport): readonly string[] {
  const { options, startMs, perAccount, process, idleCpu, storm, trouble } = report;
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
  return [
    `${options.accounts} accounts in one process; the server is away for ${options.outageMs} ms`,
    "",
    line("all online", `${(startMs / 1_000).toFixed(1)} s after the start`),
    line("one account", `RSS ${mib(perAccount.rssBytes)} MiB, heap ${mib(perAccount.heapBytes)} MiB`),
    line("the process", `RSS ${mib(process.rssBytes)} MiB, heap ${mib(process.heapBytes)} MiB`),
    line("idle", `${(idleCpu * 100).toFixed(1)} % of a core`),
    line(
      "all back",
      `${(storm.allBackMs / 1_000).toFixed(1)} s after the server, ${storm.opened} connections made`,
    ),
    line("at most", `${storm.mostInTenth} connections in a tenth of a second`),
    ...troubleLines(trouble),
  ];
}

function troubleLines({ troubled, others, quiet, trouble, stateChangesOfOthers }: TroubleReport) {
  const ratio = (key: "updates" | "calls") => (trouble[key].p50 / quiet[key].p50).toFixed(2);
  return [
    "",
    `one logged out, one flooded, one on a dead connection, and ${others} beside them; milliseconds, p50 / p95 / p99 / max`,
    ...Object.entries(troubled).map(([ailment, { state, isFlooded }]) =>
      line(ailment, isFlooded ? `${state}, waits as Telegram told` : state),
    ),
    line("updates before", percentiles(quiet.updates)),
    line("beside them", `${percentiles(trouble.updates)}   (${ratio("updates")} of before at the median)`),
    line("calls before", percentiles(quiet.calls)),
    line("beside them", `${percentiles(trouble.calls)}   (${ratio("calls")} of before at the median)`),
    line("messages", counts(trouble.delivery)),
    line("the others", `${stateChangesOfOthers} changes of state`),
  ];
}

function pluginLines(report: PluginsReport): readonly string[] {
  const { options, latency, inspectMs, startMs, reloadMs, programBytes, memory, delivery } = report;
  const growth = ({ settled, reloaded }: (typeof programBytes)["inline"]) =>
    `${(settled / 2 ** 20).toFixed(1)} to ${(reloaded / 2 ** 20).toFixed(1)}`;
  const { messages, rounds, chats, seed, journal } = options;
  return [
    `${rounds} rounds of ${messages} messages over ${chats} chats, seed ${seed}, journal ${journal ? "on" : "off"}; min / median / max`,
    "",
    "updates per second",
    ...isolationLines(report.updatesPerSecond, 0),
    "processor time of an update, in microseconds, the plugin's process included",
    ...isolationLines(report.cpuMicrosecondsPerUpdate, 0),
    `milliseconds from sending to the handler at ${latency.perSecond} a second; p50 / p95 / p99 / max`,
    line("sandboxed", percentiles(latency.sides.sandboxed)),
    line("inline", percentiles(latency.sides.inline)),
    "milliseconds of a start",
    line("looking at it", spread(inspectMs, 1)),
    line("sandboxed", spread(startMs.sandboxed, 1)),
    line("inline", spread(startMs.inline, 1)),
    "milliseconds of a reload, while the old one runs on",
    line("sandboxed", spread(reloadMs.sandboxed, 1)),
    line("inline", spread(reloadMs.inline, 1)),
    `RSS of the program in MiB, after ${Math.ceil(options.starts / 10)} and ${options.starts} starts and reloads`,
    line("sandboxed", growth(programBytes.sandboxed)),
    line("inline", growth(programBytes.inline)),
    "memory of the plugin's process, in MiB",
    line("RSS", (memory.rssBytes / 2 ** 20).toFixed(1)),
    line("PSS", memory.pssBytes === null ? "not told" : (memory.pssBytes / 2 ** 20).toFixed(1)),
    "messages, warm-up and latency included",
    line("sandboxed", counts(delivery.sandboxed)),
    line("inline", counts(delivery.inline)),
  ];
}

function isolationLines(
  { sides, sandboxedToInline }: IsolationComparison,
  digits: number,
): readonly string[] {
  return [
    line("sandboxed", spread(sides.sandboxed, digits)),
    line("inline", spread(sides.inline, digits)),
    line("ratio", spread(sandboxedToInline, 2)),
  ];
}

function sideLines(name: string, { steps, perAccount }: SideMemory): readonly string[] {
  const memoryLine = (label: string, { rss, heap }: { readonly rss: Spread; readonly heap: Spread }) =>
    `  ${label.padEnd(16)} RSS ${spread(mebibytes(rss), 1)}   heap ${spread(mebibytes(heap), 2)}`;
  return [
    "",
    name,
    ...steps.map((step) => memoryLine(`${step.accounts} account(s)`, step)),
    memoryLine("one more account", perAccount),
  ];
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(16)} ${text}`;
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
