import type { Emulator } from "../../emulator/index.ts";
import { archivedFiles } from "./archived-files.ts";
import type { Cast } from "./cast.ts";

/** What happened, counted where it happened: in the emulator's state and on the disk. */
export interface DemoReport {
  /** Whether the story came out as it should. */
  readonly ok: boolean;
  /** Updates that the emulator made for the owner. */
  readonly updates: number;
  /** Answers that people hold in their chats with the owner. */
  readonly replies: number;
  /** People that the campaign added to the channel. */
  readonly invited: number;
  /** Invite links that people got by message. */
  readonly linksSent: number;
  readonly archivedFiles: number;
  readonly archivedBytes: number;
  readonly spans: number;
  /** Messages in the owner's chats that reached no event. */
  readonly lostUpdates: number;
  readonly durationMs: number;
}

/** How the story should come out. */
export interface Expectation {
  readonly replies: number;
  readonly invited: number;
  readonly linksSent: number;
  readonly archivedFiles: number;
  readonly archivedBytes: number;
}

/** Names a message in the owner's account. */
export type MessageKey = `${string}/${string}`;

export interface ReportSources {
  readonly emulator: Emulator;
  readonly cast: Cast;
  readonly archiveFolder: string;
  /** Messages that the owner held before the program ran. */
  readonly before: ReadonlySet<MessageKey>;
  /** Messages that came over the bus as events. */
  readonly seen: ReadonlySet<MessageKey>;
  readonly expected: Expectation;
}

/** Looks at the emulator and the disk. */
export async function takeReport(
  sources: ReportSources,
  run: { readonly spans: number; readonly durationMs: number },
): Promise<DemoReport> {
  const { emulator, cast, archiveFolder, before, seen, expected } = sources;
  const people = [cast.ada, cast.grace, cast.linus, cast.margaret];
  const fromOwner = people.flatMap((person) =>
    emulator.world.messages(person.id, cast.owner.id).filter((message) => message.fromId === cast.owner.id),
  );
  const links = fromOwner.filter((message) => message.text.includes("t.me/"));
  const members = new Set(emulator.world.members(cast.channel.id).map((member) => member.userId));
  const files = await archivedFiles(archiveFolder);
  const counted = {
    replies: fromOwner.length - links.length,
    invited: people.filter((person) => members.has(person.id)).length,
    linksSent: links.length,
    archivedFiles: files.length,
    archivedBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
  const lostUpdates = ownerMessages(emulator, cast).filter(
    (key) => !before.has(key) && !seen.has(key),
  ).length;
  const cameOut =
    counted.replies === expected.replies &&
    counted.invited === expected.invited &&
    counted.linksSent === expected.linksSent &&
    counted.archivedFiles === expected.archivedFiles &&
    counted.archivedBytes === expected.archivedBytes;
  return {
    ok: cameOut && lostUpdates === 0,
    updates: emulator.world.updatesPushed(cast.owner.id).total,
    ...counted,
    spans: run.spans,
    lostUpdates,
    durationMs: Math.round(run.durationMs),
  };
}

/** Every message that the owner's account holds. */
export function ownerMessages({ world }: Emulator, { owner, ...cast }: Cast): readonly MessageKey[] {
  const chats = [cast.ada, cast.grace, cast.linus, cast.margaret, cast.channel, cast.club];
  return chats.flatMap((chat) =>
    world.messages(owner.id, chat.id).map((message): MessageKey => `${chat.id}/${message.id}`),
  );
}
