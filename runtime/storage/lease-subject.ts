import type { AccountName } from "../contract/index.ts";

/** Stands for the database as a whole where an account's name would for its session: what a running program takes. */
export const wholeDatabase = "*";

/** What one program has at a time. */
export type LeaseSubject = AccountName | typeof wholeDatabase;
