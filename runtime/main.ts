#!/usr/bin/env bun
import { processTerminal, runCli } from "./cli/index.ts";

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
