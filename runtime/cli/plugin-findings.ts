import type { Finding, ReadConfig } from "../app/index.ts";
import { TelegraphistError } from "../contract/index.ts";
import { type RunningPlugin, runningPlugins } from "./running-plugins.ts";

/** What holds each plugin of the program that runs; nothing when none runs. */
export async function pluginFindings(read: ReadConfig): Promise<readonly Finding[]> {
  try {
    return (await runningPlugins(read)).filter(({ state }) => state !== "disabled").map(findingOf);
  } catch (error) {
    if (!(error instanceof TelegraphistError)) throw error;
    return [{ subject: "plugins", state: "warning", detail: error.code, advice: error.message }];
  }
}

function findingOf({ name, state, isolation, process, error }: RunningPlugin): Finding {
  const subject = `plugin ${name}`;
  if (state === "failed") return { subject, state, detail: state, advice: error?.message ?? null };
  if (isolation === "inline") {
    return {
      subject,
      state: "ok",
      detail: `${state} inline, with the whole program in its reach`,
      advice: null,
    };
  }
  if (process === null) return { subject, state: "warning", detail: state, advice: null };
  const { pid, level } = process;
  if (level !== "none") {
    return { subject, state: "ok", detail: `${state}, held by ${level}, process ${pid}`, advice: null };
  }
  const advice = "Whatever it does, it may: use Linux 6.2 or later with Landlock";
  return { subject, state: "warning", detail: `${state}, held by nothing, process ${pid}`, advice };
}
