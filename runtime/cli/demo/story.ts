import type { Emulator } from "../../emulator/index.ts";
import type { Cast } from "./cast.ts";
import type { DemoReport, Expectation } from "./demo-report.ts";
import { gradientPng, noiseBytes } from "./pictures.ts";

const documentBytes = 20 * 1024 * 1024;

/** One thing that happens in the emulator. */
export interface Scene {
  readonly title: string;
  readonly play: () => void;
  /** Whether the plugins have done their part. */
  readonly isOver: (report: DemoReport) => boolean;
}

/** What happens, in order, and how it should come out once the plugins have done their part. */
export interface Story {
  readonly scenes: readonly Scene[];
  readonly expected: Expectation;
}

/** People write, the campaign runs by itself, media is posted. */
export function createStory({ world }: Emulator, cast: Cast): Story {
  const { owner, ada, grace, linus, club } = cast;
  const sunrise = gradientPng(640, 480, [255, 140, 60]);
  const harbour = gradientPng(800, 600, [60, 120, 220]);
  const voice = noiseBytes(48_000, 11);
  const timetable = noiseBytes(documentBytes, 23);
  const files = [sunrise, harbour, voice, timetable];
  const photo = (bytes: Uint8Array, width: number, height: number) =>
    ({ kind: "photo", bytes, width, height }) as const;

  const expected: Expectation = {
    // Ada's second message falls into the cooldown of her chat.
    replies: 3,
    invited: 3,
    linksSent: 1,
    archivedFiles: files.length,
    archivedBytes: files.reduce((sum, bytes) => sum + bytes.byteLength, 0),
  };
  return {
    expected,
    scenes: [
      {
        title: "People write to Olivia, and the autoresponder answers",
        isOver: ({ replies }) => replies === expected.replies,
        play() {
          world.sendMessage({
            fromId: ada.id,
            chatId: owner.id,
            text: "Are you there? I have news about the engine.",
          });
          world.sendMessage({ fromId: grace.id, chatId: owner.id, text: "When are you open on Friday?" });
          world.sendMessage({ fromId: linus.id, chatId: owner.id, text: "Just a hobby, will not be big." });
          world.sendMessage({ fromId: ada.id, chatId: owner.id, text: "Never mind, it computes." });
        },
      },
      {
        title: "The campaign invites people to a channel; Margaret's privacy refuses, she gets a link",
        isOver: ({ invited, linksSent }) => invited === expected.invited && linksSent === expected.linksSent,
        // The inviter began by itself when it started.
        play() {},
      },
      {
        title: "Media is posted in the photo club and archived",
        isOver: ({ ok }) => ok,
        play() {
          const chatId = club.id;
          world.sendMessage({ fromId: ada.id, chatId, text: "Sunrise", media: photo(sunrise, 640, 480) });
          world.sendMessage({
            fromId: linus.id,
            chatId,
            text: "The harbour",
            media: photo(harbour, 800, 600),
          });
          world.sendMessage({
            fromId: ada.id,
            chatId,
            media: { kind: "voice", bytes: voice, mimeType: "audio/ogg", durationMs: 12_000 },
          });
          world.sendMessage({
            fromId: linus.id,
            chatId,
            text: "All night trains of the year",
            media: {
              kind: "document",
              bytes: timetable,
              fileName: "timetable.pdf",
              mimeType: "application/pdf",
            },
          });
        },
      },
    ],
  };
}
