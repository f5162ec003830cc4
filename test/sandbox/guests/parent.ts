/** Starts a program that outlives a moment, and tells its number. */
const child = Bun.spawn(["/bin/sleep", "600"], { stdio: ["ignore", "ignore", "ignore"] });
process.stdout.write(`${child.pid}\n`);
setInterval(() => undefined, 1000);
