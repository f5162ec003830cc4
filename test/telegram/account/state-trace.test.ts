import { expect, setDefaultTimeout, test } from "bun:test";
import type { AccountState } from "../../../runtime/telegram/index.ts";
import {
  attributeNames,
  createLogger,
  currentTraceparent,
  span,
  spanNames,
} from "../../../telemetry/index.ts";
import { startTelemetry } from "../../../telemetry/sdk/index.ts";
import { openEmulatedAccount } from "../support/emulated-account.ts";
import { silent } from "../support/mtproto-rig.ts";
import { nextState } from "../support/next-state.ts";

setDefaultTimeout(30_000);

test("what happens later to an account is no part of the trace that it was started in", async () => {
  await using made = new AsyncDisposableStack();
  const options = { serviceName: "test", version: "0.0.0", traces: true, metrics: false };
  const telemetry = await startTelemetry({ ...options, logger: silent });
  made.defer(() => telemetry.stop());
  const lines: Readonly<Record<string, unknown>>[] = [];
  const logger = createLogger({ write: (line) => void lines.push(JSON.parse(line)), format: "json" });
  const it = made.use(await openEmulatedAccount({ logger }));
  await it.account.stop();
  lines.length = 0;
  const asked = await span("the request", { root: true }, async () => {
    const traceparent = currentTraceparent();
    const online = nextState(it.account, "online");
    await it.account.start();
    await online;
    return traceparent?.split("-")[1];
  });
  const [offline, online] = [nextState(it.account, "offline"), nextState(it.account, "online")];
  it.emulator.world.faults.dropConnections();
  await Promise.all([offline, online]);
  expect(asked).toBeString();
  expect(lines.map(({ state }) => state)).toEqual([
    ...["connecting", "catching-up", "online", "offline", "connecting", "catching-up", "online"],
  ]);
  expect(lines.filter(({ trace_id }) => trace_id === asked)).toEqual([]);
});

test("every change of an account's state is an event of a span, with the reason's code and no more", async () => {
  await using made = new AsyncDisposableStack();
  const options = { serviceName: "test", version: "0.0.0", traces: true, metrics: false };
  const telemetry = await startTelemetry({ ...options, logger: silent });
  made.defer(() => telemetry.stop());
  const it = made.use(await openEmulatedAccount());
  const told: AccountState[] = [];
  it.account.onState((state) => void told.push(state));
  const [offline, online] = [nextState(it.account, "offline"), nextState(it.account, "online")];
  it.emulator.world.faults.dropConnections();
  await Promise.all([offline, online]);
  const over = nextState(it.account, "logged-out");
  for (const { authKeyId } of it.emulator.world.sessions(it.owner.id)) {
    it.emulator.world.revokeSession(authKeyId);
  }
  await it.telegram.me().catch(() => undefined);
  await over;

  // The oldest first, so that changes of one millisecond keep their order.
  const spans = telemetry
    .recentTraces(100)
    .toReversed()
    .flatMap((trace) => trace.spans);
  const changes = spans
    .flatMap(({ name, events }) => events.map((event) => ({ ...event, span: name })))
    .filter(({ name }) => name === "account state")
    .toSorted((a, b) => a.atMs - b.atMs);
  const sinceFirst = changes.slice(-told.length);
  const { accountState, errorType, account } = attributeNames;
  expect(sinceFirst.map(({ attributes }) => attributes[accountState])).toEqual(
    told.map(({ state }) => state),
  );
  expect(sinceFirst.map(({ attributes }) => attributes[accountState])).toEqual([
    ...["offline", "connecting", "catching-up", "online", "logged-out"],
  ]);
  expect(sinceFirst.at(0)?.attributes).toEqual({
    ...{ [account]: "me", [accountState]: "offline", [errorType]: "CONNECTION_LOST" },
  });
  expect(sinceFirst.at(-1)?.attributes[errorType]).toBe("SESSION_REVOKED");
  expect(new Set(changes.map(({ span }) => span))).toEqual(new Set([spanNames.connect, spanNames.state]));
});

test("every change of an account's state is counted, by account and state", async () => {
  await using made = new AsyncDisposableStack();
  const options = { serviceName: "test", version: "0.0.0", traces: false, metrics: true };
  const telemetry = await startTelemetry({ ...options, logger: silent });
  made.defer(() => telemetry.stop());
  const it = made.use(await openEmulatedAccount());
  const back = nextState(it.account, "offline").then(() => nextState(it.account, "online"));
  it.emulator.world.faults.dropConnections();
  await back;
  await it.account.stop();
  const counted = (await telemetry.metricsText())
    .split("\n")
    .filter((line) => line.startsWith("telegraphist_account_states_total{"))
    .map((line) => [/[{,]state="([^"]*)"/.exec(line)?.[1], /account="me"/.test(line), line.split(" ")[1]]);
  expect(counted.toSorted()).toEqual([
    ["catching-up", true, "2"],
    ["connecting", true, "2"],
    ["offline", true, "1"],
    ["online", true, "2"],
    ["stopped", true, "1"],
  ]);
});
