import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { ChatId } from "telegraphist";
import type { PersonState } from "./campaign.ts";
import type { PersonRef } from "./peer-ref.ts";

/** People by where they stand. */
export interface CampaignCounts {
  readonly total: number;
  readonly pending: number;
  readonly invited: number;
  readonly already: number;
  readonly linksSent: number;
  readonly refused: number;
  readonly failed: number;
  readonly duplicates: number;
}

/** What became of a campaign so far. */
export interface CampaignReport {
  readonly channel: ChatId;
  readonly title: string;
  readonly writtenAt: string;
  readonly outcome: string;
  readonly dryRun: boolean;
  readonly counts: CampaignCounts;
  readonly people: readonly {
    readonly person: PersonRef;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

export function countPeople(states: readonly PersonState[]): CampaignCounts {
  const count = (...names: readonly PersonState["state"][]) =>
    states.filter(({ state }) => names.includes(state)).length;
  return {
    total: states.length,
    pending: count("pending", "sending-link"),
    invited: count("invited"),
    already: count("already"),
    linksSent: count("link-sent"),
    refused: count("refused"),
    failed: count("failed"),
    duplicates: count("duplicate"),
  };
}

/** Writes a report whole or not at all. */
export async function writeReport(path: string, report: CampaignReport): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.part`;
  try {
    await Bun.write(temporary, `${JSON.stringify(report, null, 2)}\n`);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
