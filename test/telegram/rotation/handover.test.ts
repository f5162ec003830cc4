import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import type { TelegraphistError } from "../../../runtime/contract/index.ts";
import { RpcError } from "../../../runtime/emulator/methods/rpc.ts";
import { systemClock } from "../../../runtime/scope/index.ts";
import { Handover } from "../../../runtime/telegram/handover.ts";
import { nearestDc, startMtprotoRig } from "../support/mtproto-rig.ts";

const signal = () => AbortSignal.timeout(10_000);

/** A handover from one connection to another, over a server that answers when a test says so. */
async function openHandover(commit: () => Promise<void>) {
  await using made = new AsyncDisposableStack();
  const answer = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const rig = made.use(
    startMtprotoRig({
      "help.getNearestDc": async () => {
        asked.resolve();
        await answer.promise;
        return nearestDc();
      },
    }),
  );
  const former = await rig.connect();
  const connection = await rig.connect();
  made.defer(() => connection.close());
  const handover = new Handover();
  const broken = Promise.withResolvers<TelegraphistError>();
  const owned = made.move();
  return {
    ...{ answer, asked, former, connection, handover },
    offer: () => handover.offer({ connection, broken, commit }),
    take: () => handover.take(former, systemClock, signal()),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describe("Handover.count()", () => {
  test("has a call made again that hears the end of the session that is being left", async () => {
    await using it = await openHandover(async () => undefined);
    const called = it.handover.count(it.former.send(new Api.help.GetNearestDc(), signal()));
    called.catch(() => undefined);
    await it.asked.promise;
    const offered = it.offer();
    const taken = it.take();
    it.answer.reject(new RpcError(401, "SESSION_REVOKED"));
    await expect(called).rejects.toMatchObject({ code: "HANDOVER_FAILED", retryable: true });
    expect((await taken)?.connection).toBe(it.connection);
    await offered;
  });

  test("tells the end of the session where none takes its place", async () => {
    await using it = await openHandover(async () => undefined);
    const called = it.handover.count(it.former.send(new Api.help.GetNearestDc(), signal()));
    called.catch(() => undefined);
    await it.asked.promise;
    it.answer.reject(new RpcError(401, "SESSION_REVOKED"));
    await expect(called).rejects.toMatchObject({ code: "SESSION_REVOKED" });
    await it.former.close();
  });
});

describe("Handover.take()", () => {
  test("waits for the answers that the former connection owes, closes it, and commits", async () => {
    const wasOpen: boolean[] = [];
    await using it = await openHandover(async () => void wasOpen.push(it.former.isOpen));
    const called = it.handover.count(it.former.send(new Api.help.GetNearestDc(), signal()));
    await it.asked.promise;
    const offered = it.offer();
    const taken = it.take();
    expect(it.handover.isUnderWay).toBe(true);
    it.answer.resolve();
    expect((await called).className).toBe("NearestDc");
    expect((await taken)?.connection).toBe(it.connection);
    await offered;
    expect(wasOpen).toEqual([false]);
    expect(it.handover.isUnderWay).toBe(false);
  });

  test("takes nothing where nothing is offered", async () => {
    await using it = await openHandover(async () => undefined);
    expect(await it.take()).toBeNull();
    expect(it.former.isOpen).toBe(true);
  });

  test("tells who offered why it cannot be committed, and that there is no connection now", async () => {
    await using it = await openHandover(() => Promise.reject(new Error("disk full")));
    const offered = it.offer();
    offered.catch(() => undefined);
    await expect(it.take()).rejects.toMatchObject({ code: "HANDOVER_FAILED", retryable: true });
    await expect(offered).rejects.toThrow("disk full");
    expect(it.former.isOpen).toBe(false);
  });
});
