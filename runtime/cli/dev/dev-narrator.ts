import type { App } from "../../app/index.ts";
import type { TelegraphistEvent } from "../../contract/index.ts";
import { Narrator } from "../demo/narrator.ts";
import type { Terminal } from "../terminal.ts";

const toldEvents = [
  "plugin.started",
  "plugin.failed",
  "message.received",
  "message.sent",
  "member.joined",
  "flood.waiting",
] as const;

/** Tells on the terminal what a plugin does, sees, and logs. */
export class DevNarrator {
  readonly #narrator: Narrator;
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#narrator = new Narrator(terminal);
    this.#terminal = terminal;
  }

  /** Tells what happens in an app from now on, and which plugins run in it. */
  follow({ bus, host }: Pick<App, "bus" | "host">): void {
    for (const { name, version, state } of host.list())
      if (state === "running") this.#narrator.line(name, `started, version ${version}`);
    const tell = (event: TelegraphistEvent) => this.#narrator.event(event);
    for (const name of toldEvents) bus.subscribe(name, undefined, tell, { owner: "dev" });
  }

  /** Tells a line of the log, as JSON, where a plugin wrote it. */
  log(line: string): void {
    const { style } = this.#terminal;
    // The logger's own form.
    const { level, time, plugin, message, ...fields } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (typeof plugin !== "string" || String(message).startsWith("Plugin ")) return;
    const more = Object.keys(fields).length === 0 ? "" : ` ${style.dim(JSON.stringify(fields))}`;
    const paint = level === "error" ? style.red : level === "warn" ? style.yellow : (text: string) => text;
    this.#narrator.line(plugin, `${paint(String(message))}${more}`);
  }
}
