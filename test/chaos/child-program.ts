import { join } from "node:path";

const entry = join(import.meta.dir, "../../runtime/main.ts");

/** A `telegraphist` command in a process of its own. */
export interface ChildProgram {
  /** Resolves with the line of its output that holds the word; rejects when it ends before. */
  line(word: string): Promise<string>;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
  readonly exited: Promise<number>;
}

/** @param onLine gets every line of both outputs */
export function startChild(args: readonly string[], onLine: (line: string) => void = () => {}): ChildProgram {
  const child = Bun.spawn([process.execPath, entry, ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const waiting = new Set<{
    word: string;
    resolve: (line: string) => void;
    reject: (error: Error) => void;
  }>();
  const known: string[] = [];
  const take = (line: string): void => {
    known.push(line);
    if (known.length > 200) known.shift();
    onLine(line);
    for (const wait of waiting) {
      if (!line.includes(wait.word)) continue;
      waiting.delete(wait);
      wait.resolve(line);
    }
  };
  const outputs = Promise.all([readLines(child.stdout, take), readLines(child.stderr, take)]);
  const exited = child.exited.then(async (code) => {
    await outputs;
    for (const { word, reject } of waiting) {
      reject(
        new Error(`The program ended with ${code} before it said "${word}":\n${known.slice(-20).join("\n")}`),
      );
    }
    return code;
  });
  return {
    line(word) {
      const said = known.find((line) => line.includes(word));
      if (said !== undefined) return Promise.resolve(said);
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      waiting.add({ word, resolve, reject });
      return promise;
    },
    kill: (signal) => child.kill(signal),
    exited,
  };
}

async function readLines(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  if (rest !== "") take(rest);
}
