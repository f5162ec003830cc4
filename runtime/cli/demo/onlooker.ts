import type { Emulator } from "../../emulator/index.ts";
import { archivedFiles } from "./archived-files.ts";
import type { Cast } from "./cast.ts";
import type { Narrator } from "./narrator.ts";
import { sizeText } from "./size-text.ts";

/** Tells what the plugins did where no event says it: who is in the channel, what is on the disk. */
export class Onlooker {
  readonly #emulator: Emulator;
  readonly #cast: Cast;
  readonly #archiveFolder: string;
  readonly #narrator: Narrator;
  readonly #known = new Set<string>();

  constructor(emulator: Emulator, cast: Cast, archiveFolder: string, narrator: Narrator) {
    this.#emulator = emulator;
    this.#cast = cast;
    this.#archiveFolder = archiveFolder;
    this.#narrator = narrator;
  }

  /** Says what is new since the last look. */
  async look(): Promise<void> {
    const { channel, ada, grace, linus, margaret } = this.#cast;
    const members = new Set(this.#emulator.world.members(channel.id).map((member) => member.userId));
    for (const person of [ada, grace, linus, margaret]) {
      if (members.has(person.id) && this.#isNew(`member ${person.id}`)) {
        this.#narrator.line("channel-inviter", `added ${person.firstName} to ${channel.title}`);
      }
    }
    for (const { name, sizeBytes } of await archivedFiles(this.#archiveFolder)) {
      if (this.#isNew(`file ${name}`))
        this.#narrator.line("media-archiver", `kept ${name}, ${sizeText(sizeBytes)}`);
    }
  }

  #isNew(thing: string): boolean {
    const isNew = !this.#known.has(thing);
    this.#known.add(thing);
    return isNew;
  }
}
