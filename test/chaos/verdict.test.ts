import { describe, expect, test } from "bun:test";
import { type Evidence, verdictOf } from "./verdict.ts";

const sent = [
  { number: 0, chat: 0, isAnswerable: true },
  { number: 1, chat: 1, isAnswerable: false },
  { number: 2, chat: 0, isAnswerable: true },
];
const good: Evidence = { sent, deliveries: [0, 1, 2].map((number) => ({ number })), replies: [0, 2] };

describe("verdictOf()", () => {
  test("finds nothing wrong where nothing is", () => {
    const clean = { lost: 0, disordered: 0, repliesTwice: 0, unanswered: 0 };
    expect(verdictOf(good)).toEqual({ sent: 3, delivered: 3, replies: 2, ...clean });
  });

  test("takes a repeated delivery for one", () => {
    const deliveries = [0, 1, 0, 2, 1].map((number) => ({ number }));
    expect(verdictOf({ ...good, deliveries })).toMatchObject({ delivered: 3, lost: 0, disordered: 0 });
  });

  test("counts what was never delivered", () => {
    expect(verdictOf({ ...good, deliveries: [{ number: 0 }] })).toMatchObject({ delivered: 1, lost: 2 });
  });

  test("counts a first delivery after a later one of the same chat", () => {
    const deliveries = [2, 1, 0].map((number) => ({ number }));
    expect(verdictOf({ ...good, deliveries })).toMatchObject({ lost: 0, disordered: 1 });
  });

  test("counts a message that was answered twice, and one that was not", () => {
    expect(verdictOf({ ...good, replies: [0, 0] })).toMatchObject({ repliesTwice: 1, unanswered: 1 });
  });

  test("knows nothing of numbers that were not sent", () => {
    expect(verdictOf({ ...good, deliveries: [...good.deliveries, { number: 99 }] })).toMatchObject({
      delivered: 3,
    });
  });
});
