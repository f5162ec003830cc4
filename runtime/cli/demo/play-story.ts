import { join } from "node:path";
import type { Emulator } from "../../emulator/index.ts";
import type { Program } from "../program.ts";
import type { Cast } from "./cast.ts";
import { type DemoReport, type MessageKey, ownerMessages, takeReport } from "./demo-report.ts";
import type { Narrator } from "./narrator.ts";
import { Onlooker } from "./onlooker.ts";
import { createStory } from "./story.ts";

/** How long the plugins may take to do their part. */
const storyTimeoutMs = 25_000;
const lookEveryMs = 50;

export interface Stage {
  readonly program: Program;
  readonly emulator: Emulator;
  readonly cast: Cast;
  /** Where the program keeps its things. */
  readonly folder: string;
  readonly narrator: Narrator;
  /** By `performance.now()`. */
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
}

/** Starts the program, plays one scene after the other, and waits for each to come out, the time's end, or the signal. */
export async function playStory(stage: Stage): Promise<DemoReport> {
  const { program, emulator, cast, folder, narrator, startedAtMs, signal } = stage;
  const archiveFolder = join(folder, "archive");
  const { scenes, expected } = createStory(emulator, cast);
  const before = new Set(ownerMessages(emulator, cast));
  const seen = narrateEvents(program, narrator);
  const onlooker = new Onlooker(emulator, cast, archiveFolder, narrator);
  const sources = { emulator, cast, archiveFolder, before, seen, expected };
  const look = async (): Promise<DemoReport> => {
    const report = await takeReport(sources, {
      spans: program.telemetry.spans(),
      durationMs: performance.now() - startedAtMs,
    });
    await onlooker.look();
    return report;
  };

  narrator.chapter("The account connects, and the plugins start");
  await program.app.start({ signal });
  const endMs = performance.now() + storyTimeoutMs;
  for (const { title, play, isOver } of scenes) {
    narrator.chapter(title);
    play();
    for (let report = await look(); !isOver(report); report = await look()) {
      if (performance.now() > endMs || signal.aborted) return report;
      await Bun.sleep(lookEveryMs);
    }
  }
  return look();
}

/** Tells every event that the story is about. Returns the messages seen, which goes on growing. */
function narrateEvents({ app }: Program, narrator: Narrator): ReadonlySet<MessageKey> {
  const seen = new Set<MessageKey>();
  const options = { owner: "demo" };
  for (const type of ["account.connected", "plugin.started", "plugin.failed", "flood.waiting"] as const) {
    app.bus.subscribe(type, undefined, (event) => narrator.event(event), options);
  }
  for (const type of ["message.received", "message.sent"] as const) {
    app.bus.subscribe(
      type,
      { service: true },
      (event) => {
        seen.add(`${event.chat.id}/${event.messageId}`);
        narrator.event(event);
      },
      options,
    );
  }
  return seen;
}
