import type { TelegraphistEvent } from "../../contract/index.ts";
import type { Style, Terminal } from "../terminal.ts";
import { sizeText } from "./size-text.ts";

/** Tells the story on the terminal, a line for each thing that happens. */
export class Narrator {
  readonly #terminal: Terminal;
  readonly #startedAtMs = performance.now();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  chapter(title: string): void {
    this.#terminal.out(`\n${this.#style.bold(title)}`);
  }

  line(who: string, what: string): void {
    const seconds = ((performance.now() - this.#startedAtMs) / 1000).toFixed(1).padStart(5);
    this.#terminal.out(`${this.#style.dim(`${seconds} s`)}  ${this.#style.cyan(who.padEnd(16))} ${what}`);
  }

  /** What the program itself saw; of events that the story does not tell, nothing is said. */
  event(event: TelegraphistEvent): void {
    const told = sayingOf(event);
    if (told !== null) this.line(...told);
  }

  get #style(): Style {
    return this.#terminal.style;
  }
}

function sayingOf(event: TelegraphistEvent): readonly [who: string, what: string] | null {
  switch (event.type) {
    case "account.connected":
      return ["Olivia", `connected to data centre ${event.dataCentreId}`];
    case "plugin.started":
      return [event.plugin, `started, version ${event.version}`];
    case "plugin.failed":
      return [event.plugin, `failed: ${event.error.message}`];
    case "message.received":
      return [event.sender.displayName, `${placeOf(event)}${contentOf(event)}`];
    case "message.sent":
      return ["Olivia", `to ${event.chat.title}: ${contentOf(event)}`];
    case "member.joined":
      return [event.user.displayName, `joined ${event.chat.title}`];
    case "flood.waiting":
      return ["Telegram", `wait ${event.waitMs / 1000} s for ${event.method}`];
    default:
      return null;
  }
}

type MessageEvent = Extract<TelegraphistEvent, { readonly text: string }>;

/** A private chat is with Olivia; any other has a name. */
function placeOf({ chat }: MessageEvent): string {
  return chat.kind === "private" ? "to Olivia: " : `in ${chat.title}: `;
}

function contentOf(message: MessageEvent): string {
  const { media, serviceAction, text } = message;
  if (serviceAction !== null) return `(${serviceAction})`;
  if (media === null || !("sizeBytes" in media)) return text;
  const name = media.fileName ?? media.kind;
  return `[${name}, ${sizeText(media.sizeBytes)}] ${text}`.trimEnd();
}
