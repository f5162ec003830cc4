/** `bun run bench`: speed and memory beside npm `telegram` as it comes. */
import { parseArgs } from "node:util";
import { benchAway } from "./away.ts";
import { benchEvents } from "./events.ts";
import { benchIdle } from "./idle.ts";
import { benchPlugins } from "./plugins.ts";
import { benchPool } from "./pool.ts";
import { reportText } from "./print-report.ts";

const usage = `bun run bench <name> [options]

  events   updates from the socket to a plugin's handler, with the journal and without
  away     messages that came while the program was stopped
  idle     memory of accounts that have nothing to do
  pool     many accounts in one process: their coming back after an outage, and three in trouble beside the rest
  plugins  a plugin in a held process of its own beside one in the program's

  --messages N    sent at once (events, plugins: a turn and a side) [5000; away 50000]
  --rounds N      that are counted (events, plugins, idle) [7; idle 3]
  --chats N       that the messages spread over (events, plugins, away) [40; away 200]
  --channels N    beside the chats (away)               [20]
  --accounts N    the most of one process (idle, pool)  [10, 2 to 99; pool 200, 4 to 250]
  --outage N      milliseconds that the server is away (pool) [10000]
  --latency N     sent one by one, a turn and a side (events, plugins) [200]
  --starts N      of the plugin (plugins)               [10]
  --no-journal    gives plugins each event straight (plugins)
  --seed N        of the order of the chats (events, plugins, away) [1]
  --profile DIR   keeps a CPU profile of our side there (events, plugins, away)
  --json          the figures as JSON
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: "string" },
    rounds: { type: "string" },
    chats: { type: "string" },
    channels: { type: "string", default: "20" },
    accounts: { type: "string" },
    outage: { type: "string", default: "10000" },
    latency: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    starts: { type: "string", default: "10" },
    "no-journal": { type: "boolean", default: false },
    profile: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const report = await run(positionals[0]);
if (report === null) process.stdout.write(usage);
else process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : reportText(report));

async function run(name: string | undefined) {
  switch (name) {
    case "events":
      return benchEvents({
        messages: count("messages", values.messages ?? "5000", 1),
        rounds: count("rounds", values.rounds ?? "7", 1),
        chats: count("chats", values.chats ?? "40", 1),
        seed: count("seed", values.seed, 0),
        latencyMessages: count("latency", values.latency, 1),
        ...profiling(),
      });
    case "plugins":
      return benchPlugins({
        messages: count("messages", values.messages ?? "5000", 1),
        rounds: count("rounds", values.rounds ?? "7", 1),
        chats: count("chats", values.chats ?? "40", 1),
        seed: count("seed", values.seed, 0),
        latencyMessages: count("latency", values.latency, 1),
        starts: count("starts", values.starts, 1),
        journal: !values["no-journal"],
        ...profiling(),
      });
    case "away":
      return benchAway({
        messages: count("messages", values.messages ?? "50000", 1),
        chats: count("chats", values.chats ?? "200", 0),
        channels: count("channels", values.channels, 0),
        seed: count("seed", values.seed, 0),
        ...profiling(),
      });
    case "idle":
      return benchIdle({
        accounts: Math.min(99, count("accounts", values.accounts ?? "10", 2)),
        rounds: count("rounds", values.rounds ?? "3", 1),
      });
    case "pool":
      return benchPool({
        accounts: Math.min(250, count("accounts", values.accounts ?? "200", 4)),
        outageMs: count("outage", values.outage, 0),
      });
    default:
      return null;
  }
}

function profiling(): { readonly ourFlags?: readonly string[] } {
  if (values.profile === undefined) return {};
  return { ourFlags: ["--cpu-prof", "--cpu-prof-md", `--cpu-prof-dir=${values.profile}`] };
}

function count(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(
    `Option --${option} must be a whole number from ${least}: received ${JSON.stringify(text)}`,
  );
}
