import { CsvError, parse } from "csv-parse/sync";
import { TelegraphistError } from "telegraphist";
import { z } from "zod";
import { type PersonRef, parsePersonRef } from "./peer-ref.ts";

/** People that a CSV text names, with the lines that name nobody. */
export interface PeopleFile {
  readonly people: readonly PersonRef[];
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

const rowsSchema = z.array(
  z.object({ record: z.record(z.string(), z.string()), info: z.object({ lines: z.number() }) }),
);

/**
 * Reads a list of people: a header with a column `username` or `id` (a row may have either), columns parted by comma,
 * semicolon or tab, fields quoted where they need it, a byte order mark at will. Other columns are left alone.
 *
 * @throws {TelegraphistError} `INVITER_PEOPLE_INVALID` when the text is no CSV or has neither column
 */
export function readPeople(text: string): PeopleFile {
  const people: PersonRef[] = [];
  const problems: { line: number; problem: string }[] = [];
  const header = /^\uFEFF?([^\r\n]*)/.exec(text)?.[1] ?? "";
  for (const { info, record } of rowsOf(text, header)) {
    const named = record.username || record.id;
    const person = named ? parsePersonRef(named) : null;
    if (person !== null) people.push(person);
    else problems.push({ line: info.lines, problem: problemOf(named, record.phone) });
  }
  return { people: [...new Set(people)], problems };
}

function rowsOf(text: string, header: string): z.output<typeof rowsSchema> {
  const unquoted = header.replaceAll(/"[^"]*"/g, "");
  const delimiter = [";", "\t", ","].find((mark) => unquoted.includes(mark)) ?? ",";
  try {
    const rows: unknown = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relaxColumnCount: true,
      skipEmptyLines: true,
      skipRecordsWithEmptyValues: true,
      trim: true,
      columns: (names: string[]) => checkedColumns(names.map((name) => name.toLowerCase())),
    });
    return rowsSchema.parse(rows);
  } catch (error) {
    if (error instanceof CsvError) throw invalidPeople(error.message);
    throw error;
  }
}

function checkedColumns(names: readonly string[]): string[] {
  if (names.some((name) => name === "username" || name === "id")) return [...names];
  throw invalidPeople(
    `the first line has no column "username" or "id": received ${JSON.stringify(names.slice(0, 8))}`,
  );
}

function problemOf(named: string | undefined, phone: string | undefined): string {
  if (named) return "is neither a username nor a numeric id";
  return phone ? "has only a phone number, which cannot be invited" : "names nobody";
}

function invalidPeople(reason: string): TelegraphistError {
  return new TelegraphistError({
    code: "INVITER_PEOPLE_INVALID",
    category: "INVALID",
    message: `Cannot read list of people: ${reason}`,
  });
}
