import { describe, expect, test } from "bun:test";
import { type BudgetMember, ConnectionBudget } from "../../../runtime/telegram/connection-budget.ts";

/** An account whose connections are as many as there are times; `null` is one in use. */
class Member implements BudgetMember {
  readonly connections: (number | null)[];

  constructor(...connections: readonly (number | null)[]) {
    this.connections = [...connections];
  }

  get size(): number {
    return this.connections.length;
  }

  get idleSinceMs(): number | null {
    const idle = this.connections.filter((since) => since !== null);
    return idle.length === 0 ? null : Math.min(...idle);
  }

  async closeIdlest(): Promise<void> {
    this.connections.splice(this.connections.indexOf(this.idleSinceMs), 1);
  }
}

function budgetOf(max: number, ...members: readonly Member[]): ConnectionBudget {
  const budget = new ConnectionBudget(max);
  for (const member of members) budget.join(member);
  return budget;
}

describe("ConnectionBudget.makeRoom()", () => {
  test("closes nothing while there is room", () => {
    const member = new Member(1, 2);
    budgetOf(3, member).makeRoom();
    expect(member.connections).toEqual([1, 2]);
  });

  test("closes the one that is idle for the longest, whosever it is", () => {
    const [one, another] = [new Member(5, null), new Member(9, 3)];
    budgetOf(4, one, another).makeRoom();
    expect([one.connections, another.connections]).toEqual([[5, null], [9]]);
  });

  test("says that all are in use, when they are", () => {
    const exhausted = expect.objectContaining({ code: "POOL_EXHAUSTED", retryable: true });
    expect(() => budgetOf(2, new Member(null), new Member(null)).makeRoom()).toThrow(exhausted);
  });
});
