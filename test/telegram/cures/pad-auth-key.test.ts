import { expect, test } from "bun:test";
import { padAuthKeys } from "../../../runtime/telegram/cures/pad-auth-key.ts";
import { AuthKey } from "../../../runtime/telegram/gramjs.ts";

// A key agreed on that begins with a zero byte, as GramJS writes it: without that byte.
const short = Buffer.alloc(255, 7);
const whole = Buffer.concat([Buffer.alloc(1), short]);

test("padAuthKeys() gives a key that begins with zeros its whole length, as the server has it", async () => {
  padAuthKeys();
  const ours = new AuthKey();
  await ours.setKey(short);
  const servers = new AuthKey();
  await servers.setKey(whole);
  expect(ours.getKey()).toEqual(whole);
  expect(ours.keyId?.toString()).toBe(servers.keyId?.toString());
  const copy = new AuthKey();
  await copy.setKey(ours);
  expect(copy.equals(ours)).toBe(true);
});
