import { describe, expect, test } from "bun:test";
import { firstHop, nextHop } from "../../runtime/host/http-hop.ts";

const hop = firstHop("https://a.example/x", {
  method: "POST",
  body: "walnut",
  headers: { "content-type": "text/plain", "x-api-key": "k", accept: "*/*" },
});

describe("nextHop()", () => {
  test("never leads from https to http", () => {
    expect(() => nextHop(hop, 302, "http://a.example/y")).toThrow(
      "Cannot follow HTTP redirect: it leads from https to http",
    );
  });

  test("goes on as GET, without the body and its type, where browsers do", () => {
    for (const status of [301, 302, 303]) {
      const { method, body, headers } = nextHop(hop, status, "/y");
      expect([method, body, headers.get("content-type")]).toEqual(["GET", undefined, null]);
    }
    for (const status of [307, 308]) {
      expect(nextHop(hop, status, "/y")).toMatchObject({ method: "POST", body: "walnut" });
    }
  });

  test("tells another origin nothing that could be a credential, another path of the same one all", () => {
    const namesOf = (location: string) => [...nextHop(hop, 307, location).headers.keys()].toSorted();
    expect(namesOf("https://a.example/y")).toEqual(["accept", "content-type", "x-api-key"]);
    expect(namesOf("https://b.example/x")).toEqual(["accept", "content-type"]);
    expect(namesOf("https://a.example:8443/x")).toEqual(["accept", "content-type"]);
  });

  test("refuses a place that is no address of the web, or has a password in it", () => {
    for (const location of ["file:///etc/passwd", "https://ada:pw@b.example/", "https://"]) {
      expect(() => nextHop(hop, 302, location)).toThrow(expect.objectContaining({ code: "HTTP_FAILED" }));
    }
  });
});

test("firstHop() bounds the body", () => {
  const body = new Uint8Array(64 * 1024 * 1024 + 1);
  expect(() => firstHop("https://a.example/", { method: "PUT", body })).toThrow(
    expect.objectContaining({ code: "HTTP_TOO_LARGE" }),
  );
});
