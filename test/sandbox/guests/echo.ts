export {};

for await (const chunk of Bun.stdin.stream()) process.stdout.write(chunk);
process.stderr.write(JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() }));
