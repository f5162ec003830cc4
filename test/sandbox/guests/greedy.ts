import { closeSync, openSync, writeFileSync } from "node:fs";

/** Takes more and more of what the first argument names. */
const [, , wanted] = process.argv;
switch (wanted) {
  case "memory": {
    const kept: Uint8Array[] = [];
    for (;;) kept.push(new Uint8Array(16 * 1024 ** 2).fill(1));
  }
  case "descriptors": {
    const opened: number[] = [];
    try {
      for (;;) opened.push(openSync("/dev/null", "r"));
    } catch (error) {
      for (const descriptor of opened) closeSync(descriptor);
      process.stdout.write(
        `${error instanceof Error && "code" in error ? error.code : error} ${opened.length}`,
      );
    }
    break;
  }
  case "disk":
    writeFileSync("large", new Uint8Array(2 * 1024 ** 2));
    break;
  case "threads":
    for (let count = 0; count < 60; count++) new Worker("data:text/javascript,setInterval(() => {}, 1000)");
    break;
  case "programs":
    for (let count = 0; count < 60; count++) Bun.spawn(["/bin/sleep", "600"]);
    await Promise.withResolvers().promise;
    break;
  case "processor":
    for (;;);
  default:
    throw new Error(`nothing is known as ${wanted}`);
}
