import { expect, test } from "bun:test";
import { Salts } from "../../../runtime/emulator/mtproto/salts.ts";

const hourMs = 3_600_000;

test("Salts keeps to the first one while the clock stands before it", () => {
  const salts = new Salts(7n, hourMs);
  expect(salts.current(0)).toBe(7n);
  expect([salts.accepts(7n, 0), salts.accepts(8n, 0)]).toEqual([true, false]);
  expect(salts.upcoming(1, 0)).toMatchObject([{ value: 7n }]);
});

test("Salts takes one for half an hour after its successor has begun, and no longer", () => {
  const salts = new Salts(7n, 0);
  const ages = [0, 0.5, 0.75, 1].map((hours) => salts.accepts(7n, hours * hourMs));
  expect(ages).toEqual([true, true, true, false]);
  expect(salts.current(0.5 * hourMs)).not.toBe(7n);
});
