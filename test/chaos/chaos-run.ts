import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ChildProgram, startChild } from "./child-program.ts";
import { planOf, type Step } from "./plan.ts";
import { buildStage, type Stage, type StageOptions } from "./stage.ts";
import { type SentMessage, type Verdict, verdictOf } from "./verdict.ts";

export interface ChaosOptions extends StageOptions {
  readonly messages: number;
  readonly seed: number;
  /** How long the messages take to be sent; what follows is waiting for the last of them. */
  readonly durationMs: number;
  readonly kills: number;
  readonly drops: number;
  readonly faults: number;
  readonly onProgress?: (text: string) => void;
}

export interface ChaosReport extends Verdict {
  readonly seed: number;
  readonly kills: number;
  readonly drops: number;
  readonly faults: number;
  readonly deadLetters: number;
}

/** Time without any new delivery or answer after which the run gives the rest up; an attempt may wait 60 s for its turn. */
const patienceMs = 90_000;

/** Sends numbered messages to the real program, disturbs it as the seed says, and counts what came of it. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { messages, seed, durationMs, onProgress = () => {} } = options;
  const stage = await buildStage(options);
  const program = new RestlessProgram(stage, onProgress);
  try {
    await program.ready();
    const plan = planOf({ ...options, chats: stage.chats.length });
    const sent: SentMessage[] = [];
    const counts = { drops: 0, faults: 0 };
    const startedAtMs = performance.now();
    for (const step of plan) {
      if (step.kind === "send") {
        const dueAtMs = startedAtMs + (step.number / messages) * durationMs;
        await Bun.sleep(Math.max(0, dueAtMs - performance.now()));
        if (step.number % 500 === 0)
          onProgress(`${step.number} of ${messages} messages, ${program.deaths} deaths`);
      }
      await play(step, stage, program, sent, counts);
    }
    await stage.control.clearFaults();
    onProgress(`${messages} of ${messages} messages sent, waiting for the last of them`);
    const verdict = await settle(stage, sent);
    const deadLetters = await countDeadLetters(stage);
    return { seed, ...verdict, kills: program.deaths, ...counts, deadLetters };
  } finally {
    await program.stop();
    stage.emulator.kill("SIGTERM");
    await stage.emulator.exited;
  }
}

async function play(
  step: Step,
  { control, chats, ownerId }: Stage,
  program: RestlessProgram,
  sent: SentMessage[],
  counts: { drops: number; faults: number },
): Promise<void> {
  switch (step.kind) {
    case "send": {
      const chat = chats[step.chat];
      if (chat === undefined) throw new Error(`The plan names chat ${step.chat} of ${chats.length}`);
      sent.push({ number: step.number, chat: step.chat, isAnswerable: chat.isAnswerable });
      const text = `#${step.number}${step.fatal === null ? "" : ` ${step.fatal}`}`;
      await control.send({ fromId: chat.writerId, chatId: chat.id, text });
      return;
    }
    case "kill":
      await Bun.sleep(step.delayMs);
      program.kill();
      return;
    case "drop":
      counts.drops += 1;
      await control.fault("/faults/drop-connections", { userId: ownerId });
      return;
    case "fault": {
      counts.faults += 1;
      const { path, body, isOfChannel = false } = step.fault;
      const channels = chats.filter(({ isChannel }) => isChannel);
      const chatId = channels[step.channel % channels.length]?.id ?? "";
      // A route that is not about one person passes the name over.
      await control.fault(path, { userId: ownerId, ...body, ...(isOfChannel && { chatId }) });
      return;
    }
    default:
      step satisfies never;
  }
}

/** Waits until all is delivered and answered, or nothing has moved for a while. */
async function settle(stage: Stage, sent: readonly SentMessage[]): Promise<Verdict> {
  let last = "";
  let movedAtMs = performance.now();
  for (;;) {
    const verdict = verdictOf({ sent, deliveries: deliveriesOf(stage), replies: await repliesOf(stage) });
    if (verdict.lost === 0 && verdict.unanswered === 0) return verdict;
    const now = JSON.stringify(verdict);
    if (now !== last) movedAtMs = performance.now();
    else if (performance.now() - movedAtMs > patienceMs) return verdict;
    last = now;
    await Bun.sleep(250);
  }
}

function deliveriesOf({ recordPath }: Stage): readonly { number: number }[] {
  if (!existsSync(recordPath)) return [];
  // A line that a kill has cut has no end, and is no delivery yet.
  return readFileSync(recordPath, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => ({ number: Number(line) }));
}

async function repliesOf({ control, chats, ownerId }: Stage): Promise<readonly number[]> {
  const held = await Promise.all(chats.map(({ id, writerId }) => control.messages(writerId, id)));
  return held
    .flat()
    .filter(({ fromId, text }) => fromId === ownerId && text.startsWith("ack "))
    .map(({ text }) => Number(text.slice("ack ".length)));
}

async function countDeadLetters({ adminUrl, configPath }: Stage): Promise<number> {
  const token = (await readFile(join(dirname(configPath), "admin-token"), "utf8")).trim();
  const response = await fetch(`${adminUrl}/api/dead-letters`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`/api/dead-letters answered ${response.status}`);
  const { deadLetters } = (await response.json()) as { readonly deadLetters: readonly unknown[] };
  return deadLetters.length;
}

/** The program, started anew whenever it dies. */
class RestlessProgram {
  readonly #stage: Stage;
  readonly #onProgress: (text: string) => void;
  #child: ChildProgram;
  #isStopping = false;
  #ended: Promise<void>;
  deaths = 0;

  constructor(stage: Stage, onProgress: (text: string) => void) {
    this.#stage = stage;
    this.#onProgress = onProgress;
    this.#child = this.#start();
    this.#ended = this.#watch();
  }

  async ready(): Promise<void> {
    await this.#child.line("ready");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.kill("SIGTERM");
    await this.#ended;
  }

  #start(): ChildProgram {
    return startChild(["run", "--config", this.#stage.configPath], (line) => {
      if (line.includes('"level":"error"')) this.#onProgress(line);
    });
  }

  async #watch(): Promise<void> {
    while (!this.#isStopping) {
      const code = await this.#child.exited;
      if (this.#isStopping) return;
      this.deaths += 1;
      // 137 is SIGKILL; anything else is a death of its own, which the run must not hide.
      if (code !== 137) this.#onProgress(`the program ended by itself with ${code}`);
      this.#child = this.#start();
    }
  }
}
