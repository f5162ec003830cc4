import type { z } from "zod";
import type { ParsedDocument } from "./document.ts";
import { nearest } from "./nearest.ts";
import { type ConfigPath, type ConfigProblem, didYouMean, shownPath } from "./problem.ts";
import { choicesAt, keysAt } from "./schema-path.ts";
import { unknownKey } from "./unknown-key.ts";

/** What does not fit the schema, in words that name no value of the file. */
export function schemaProblems(document: ParsedDocument, error: z.ZodError): readonly ConfigProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
    const at = { file: document.file, ...document.locate(path), path: shownPath(path) };
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => unknownKey(document, [...path, key], keysAt(path)));
      case "invalid_key":
        return {
          ...at,
          ...document.locateKey(path),
          message: `name ${issue.issues[0]?.message ?? "is invalid"}`,
        };
      case "invalid_type":
        return { ...at, ...wrongType(issue.expected, document.yaml.getIn(path), path) };
      case "invalid_value":
      case "invalid_union":
        return { ...at, ...wrongChoice(document, path) };
      case "too_small":
        return { ...at, message: `must ${bound(issue.origin)} at least ${issue.minimum}` };
      case "too_big":
        return { ...at, message: `must ${bound(issue.origin)} at most ${issue.maximum}` };
      default:
        return { ...at, message: issue.message };
    }
  });
}

type Wording = Pick<ConfigProblem, "message" | "hint">;

const names: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function wrongType(expected: string, found: unknown, path: ConfigPath): Wording {
  const wanted = `must be ${names[expected] ?? expected}`;
  if (found === undefined || found === null) {
    return {
      message: path.length === 0 ? "the file is empty" : `key "${path.at(-1)}" is missing, it ${wanted}`,
    };
  }
  const isReadAsOther = expected === "string" && (typeof found === "number" || typeof found === "boolean");
  return isReadAsOther ? { message: wanted, hint: "put it in quotes" } : { message: wanted };
}

function wrongChoice(document: ParsedDocument, path: ConfigPath): Wording {
  const choices = choicesAt(path);
  const written = document.yaml.getIn(path);
  const wanted = `must be ${choices.join(" or ")}`;
  if (written === undefined) return { message: `key "${path.at(-1)}" is missing, it ${wanted}` };
  if (typeof written !== "string") return { message: "unknown value", hint: wanted };
  if (choices.includes(written))
    return { message: `${wanted}, not the same as text`, hint: "take the quotes away" };
  return { message: "unknown value", hint: didYouMean(nearest(written, choices)).hint ?? wanted };
}

/** Zod names what the bound is on. */
function bound(origin: string): string {
  if (origin === "string") return "have a length of";
  return origin === "array" || origin === "set" ? "have a count of" : "be";
}
