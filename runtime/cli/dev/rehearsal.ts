import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFileName } from "../../app/index.ts";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { type OpenTestbed, type Person, startTestbed } from "../../testkit/index.ts";
import type { Terminal } from "../terminal.ts";
import { type Cast, createCast } from "./cast.ts";
import type { DevNarrator } from "./dev-narrator.ts";
import type { DevTarget } from "./dev-target.ts";
import type { SaidLine } from "./said-line.ts";

export interface RehearsalOptions {
  /** The plugin's module or folder, an absolute path. */
  readonly path: string;
  /** The plugin's settings; asked for at each start. */
  readonly settings: () => Promise<unknown>;
  readonly terminal: Terminal;
  readonly narrator: DevNarrator;
}

/** A plugin on a Telegram of its own, whose people write what is typed. What it has stored outlives its restarts. */
export class Rehearsal implements DevTarget {
  readonly #options: RehearsalOptions;
  readonly #emulator: Emulator;
  readonly #folder: string;
  readonly #narrator: DevNarrator;
  #cast: Cast | null = null;
  #bed: OpenTestbed | null = null;

  constructor(options: RehearsalOptions, emulator: Emulator, folder: string) {
    this.#options = options;
    this.#emulator = emulator;
    this.#folder = folder;
    this.#narrator = options.narrator;
  }

  /** Starts the plugin, or starts it anew from its files; says why where it cannot. */
  async start(): Promise<void> {
    const { path, settings, terminal } = this.#options;
    await this.#bed?.[Symbol.asyncDispose]();
    this.#bed = null;
    try {
      // What the plugin asks for is what its author has just written.
      await rm(join(this.#folder, lockFileName), { force: true });
      this.#bed = await startTestbed(path, {
        config: await settings(),
        folder: this.#folder,
        emulator: this.#emulator,
        prepare: ({ world, owner }) => {
          this.#cast ??= createCast(world, owner);
        },
        writeLog: (line) => this.#narrator.log(line),
      });
      this.#narrator.follow(this.#bed.app);
    } catch (error) {
      terminal.err(
        `${terminal.style.red("error:")} ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async say({ who, where, text }: Extract<SaidLine, { readonly kind: "say" }>): Promise<void> {
    const { terminal } = this.#options;
    const bed = this.#bed;
    if (bed === null) return terminal.err("The plugin does not run: nobody would hear that");
    const person = this.#personNamed(who, bed);
    const to = where === null ? bed.owner : (this.#cast?.chats[where] ?? this.#personNamed(where, bed));
    if (person === undefined || to === undefined) {
      const unknown = JSON.stringify(person === undefined ? who : where);
      return terminal.err(`There is nobody called ${unknown}: type ${terminal.style.cyan("help")}`);
    }
    try {
      await person.writes(text, { to });
    } catch (error) {
      terminal.err(error instanceof Error ? error.message : String(error));
    }
  }

  /** Resolves when the plugin is done with what was typed. */
  async quiet(): Promise<void> {
    await this.#bed?.quiet();
  }

  #personNamed(name: string, { owner, personOf }: OpenTestbed): Person | undefined {
    if (name === "me") return owner;
    const view = this.#cast?.people[name];
    return view && personOf(view);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bed?.[Symbol.asyncDispose]();
    await this.#emulator.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Starts a Telegram for a plugin to be rehearsed on. */
export async function openRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const folder = await mkdtemp(join(tmpdir(), "telegraphist-dev-"));
  return new Rehearsal(options, await startEmulator(), folder);
}
