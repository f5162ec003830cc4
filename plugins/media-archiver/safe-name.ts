/** What the file systems in use take for one name, in bytes of UTF-8. */
const maxNameBytes = 255;

/** Separators, control characters, and what Windows refuses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not stay in a name
const forbidden = /[\\/:*?"<>|\u0000-\u001f\u007f-\u009f]/g;
/** Marks that turn the direction of a text, so that `gpj.exe` reads `exe.jpg`; and ones that are not seen at all. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
const reservedOnWindows = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Makes any text one file name: never empty, hidden, or special, at most 255 bytes, its extension kept. */
export function safeName(text: string): string {
  const plain = text
    .toWellFormed()
    .normalize("NFC")
    .replace(invisible, "")
    .replace(forbidden, "_")
    .trim()
    .replace(/^\.+/, "_")
    .replace(/[. ]+$/, "");
  const name = plain === "" ? "_" : plain;
  return shortened(reservedOnWindows.test(name) ? `_${name}` : name, "");
}

/** The name with a number before its extension, `photo-2.jpg`, for when it is taken. */
export function numbered(name: string, number: number): string {
  return shortened(name, `-${number}`);
}

/** Makes the parts of a path safe names, those that the archive keeps for itself left free. */
export function safePath(parts: readonly string[]): string {
  const names = parts.map(safeName);
  const [first = "_", ...rest] = names;
  return [/^index\.(sqlite|jsonl)/i.test(first) ? `_${first}` : first, ...rest].join("/");
}

function shortened(name: string, suffix: string): string {
  const dot = name.lastIndexOf(".");
  const hasExtension = dot > 0 && name.length - dot <= 17;
  const extension = hasExtension ? name.slice(dot) : "";
  const stem = hasExtension ? name.slice(0, dot) : name;
  const room = maxNameBytes - Buffer.byteLength(suffix + extension);
  return clipped(stem, room) + suffix + extension;
}

/** The longest start of a text that has so many bytes at most, no character cut. */
function clipped(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let clip = "";
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    clip += character;
  }
  return clip.trimEnd();
}
