import { describe, expect, test } from "bun:test";
import { Api } from "telegram";
import { DataCentres, type ServerOptions } from "../../../runtime/telegram/data-centres.ts";

const a = { id: 2, host: "a", port: 1 };
const b = { id: 2, host: "b", port: 1 };
const other = { id: 4, host: "a", port: 1 };
const server: ServerOptions = { dataCentres: [a, b, other], publicKeys: [] };

const option = (id: number, ipAddress: string, flags: Partial<Api.DcOption> = {}) =>
  new Api.DcOption({ id, ipAddress, port: 443, ...flags });

/** The addresses in the order in which they are tried, until the first comes again. */
function turns(dataCentres: DataCentres, id: number): string[] {
  const hosts: string[] = [];
  for (let address = dataCentres.byId(id); !hosts.includes(address.host); address = dataCentres.byId(id)) {
    hosts.push(address.host);
    dataCentres.passOver(address);
  }
  return hosts;
}

describe("DataCentres.byId()", () => {
  test("keeps to an address until it does not answer, and then takes the next in turn", () => {
    const dataCentres = new DataCentres(server);
    expect([dataCentres.byId(2), dataCentres.byId(2)]).toEqual([a, a]);
    dataCentres.passOver(a);
    expect([dataCentres.byId(2), dataCentres.byId(2)]).toEqual([b, b]);
    dataCentres.passOver(b);
    expect(dataCentres.byId(2)).toEqual(a);
  });

  test("passes over one address once, though several connections failed there", () => {
    const dataCentres = new DataCentres(server);
    for (let connection = 0; connection < 2; connection += 1) dataCentres.passOver(a);
    expect(dataCentres.byId(2)).toEqual(b);
  });

  test("leaves other data centres where they are", () => {
    const dataCentres = new DataCentres(server);
    dataCentres.passOver(a);
    expect(dataCentres.byId(4)).toEqual(other);
  });

  test("refuses a data centre that nobody has named", () => {
    const dataCentres = new DataCentres(server);
    expect(dataCentres.isKnown(5)).toBe(false);
    expect(() => dataCentres.byId(5)).toThrow(expect.objectContaining({ code: "DATA_CENTRE_UNKNOWN" }));
  });
});

describe("DataCentres.learn()", () => {
  test("keeps to what a person lists, and takes the rest from the server", () => {
    const dataCentres = new DataCentres(server);
    dataCentres.learn([option(2, "told"), option(5, "told")]);
    expect(turns(dataCentres, 2)).toEqual(["a", "b"]);
    expect(dataCentres.byId(5)).toEqual({ id: 5, host: "told", port: 443 });
  });

  test("believes Telegram before the list that it begins with", () => {
    const dataCentres = new DataCentres();
    expect(dataCentres.first.id).toBe(2);
    dataCentres.learn([option(2, "192.0.2.1"), option(2, "149.154.167.51"), option(2, "192.0.2.2")]);
    expect(turns(dataCentres, 2)).toEqual(["192.0.2.1", "149.154.167.51", "192.0.2.2"]);
    dataCentres.learn([option(2, "192.0.2.3")]);
    expect(turns(dataCentres, 2)).toEqual(["192.0.2.3", "149.154.167.51"]);
  });

  test("takes no address for files alone, for copies, or for another transport, and IPv6 last", () => {
    const dataCentres = new DataCentres(server);
    dataCentres.learn([
      option(5, "media", { mediaOnly: true }),
      option(5, "copies", { cdn: true }),
      option(5, "obfuscated", { tcpoOnly: true }),
      option(5, "secret", { secret: Buffer.from("secret") }),
      option(5, "2001:db8::1", { ipv6: true }),
      option(5, "192.0.2.5"),
      option(5, "192.0.2.5", { static: true }),
      option(5, "192.0.2.6", { thisPortOnly: true }),
    ]);
    expect(turns(dataCentres, 5)).toEqual(["192.0.2.5", "192.0.2.6", "2001:db8::1"]);
  });
});
