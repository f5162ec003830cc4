import { describe, expect, test } from "bun:test";
import { Raw } from "telegram/events";
import { prompts, startAccountRig } from "../support/account-rig.ts";
import { numbered, startMtprotoRig } from "../support/mtproto-rig.ts";

describe("Account.onState() (G11)", () => {
  test("is undone for one listener, though another is the same function", async () => {
    await using rig = await startAccountRig();
    await rig.account.login(prompts);
    const states: string[] = [];
    const listener = ({ state }: { readonly state: string }) => states.push(state);
    const dispose = rig.account.onState(listener);
    rig.account.onState(listener);
    await dispose();
    await rig.account.start();
    await rig.reached("online");
    expect(states).toEqual(["connecting", "catching-up", "online"]);
  });
});

describe("GramJS's event handlers (G11)", () => {
  test("shows that one takes another with it", async () => {
    await using rig = startMtprotoRig();
    const client = rig.rawClient();
    const [first, second] = [new Raw({}), new Raw({})];
    const listener = () => undefined;
    client.addEventHandler(listener, first);
    client.addEventHandler(listener, second);
    client.removeEventHandler(listener, first);
    expect(client.listEventHandlers()).toEqual([]);
  });

  test("shows that the second update is handled before the first one is done", async () => {
    await using rig = startMtprotoRig();
    const client = rig.rawClient();
    await client.connect();
    const overtaken = Promise.withResolvers<void>();
    const steps: string[] = [];
    client.addEventHandler(async (update: { readonly className: string }) => {
      if (update.className !== "UpdatePtsChanged") return;
      if (steps.length > 0) {
        steps.push("second begins");
        return overtaken.resolve();
      }
      steps.push("first begins");
      await overtaken.promise;
      steps.push("first ends");
    }, new Raw({}));
    rig.push(numbered(1));
    rig.push(numbered(2));
    await overtaken.promise;
    expect(steps).toEqual(["first begins", "second begins"]);
  });
});
