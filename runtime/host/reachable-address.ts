import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { hostCovers, hostDenies, namesHost } from "../permissions/index.ts";
import type { Guard } from "./guard.ts";
import { httpFailure } from "./http-error.ts";
import { isPrivateAddress } from "./private-address.ts";

/** The host and port of an address as grants have them. */
export function hostAndPortOf(url: URL): { readonly host: string; readonly port: number } {
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { host, port };
}

/**
 * The IP address to connect to, once the plugin is found to have a grant for the host. A private one is reached only
 * where the entry allows that address itself, or `localhost` by name: what any other name stands for is for others to
 * say, and may change from one look to the next.
 *
 * @throws {TelegraphistError} `PERMISSION_DENIED`, or `HTTP_FAILED` when the name cannot be looked up
 */
export async function reachableAddress(guard: Guard, url: URL, method: string): Promise<string> {
  const { host, port } = hostAndPortOf(url);
  guard.demand("call http.request", { permission: "net", host, port, method });
  const addresses = await addressesOf(host);
  for (const address of addresses) requireAddress(guard, address, { name: host, port, method });
  const [first] = addresses;
  if (first !== undefined) return first;
  throw httpFailure(new Error(`no address was found of ${JSON.stringify(host)}`));
}

function requireAddress(
  guard: Guard,
  address: string,
  { name, port, method }: { readonly name: string; readonly port: number; readonly method: string },
): void {
  const { allow, deny } = guard.grants;
  const wanted = { host: isIPv6(address) ? `[${address}]` : address, port, method };
  const value = `${wanted.host}:${port}`;
  const data = { permission: "net", value } as const;
  const refuse = (lack: string, fix: string, reason: string) =>
    guard.denial("call http.request", `${lack} of ${JSON.stringify(name)}`, fix, { ...data, reason });
  if ((deny.net ?? []).some((entry) => hostDenies(entry, wanted))) {
    throw refuse("is denied an address", `take it out of plugins.${guard.plugin}.deny.net`, "denied");
  }
  const isNamed = (host: string) =>
    (allow.net ?? []).some((entry) => namesHost(entry, host) && hostCovers(entry, { ...wanted, host }));
  if (!isPrivateAddress(address) || isNamed(wanted.host)) return;
  if (name === "localhost" && isNamed(name)) return;
  const fix = `add ${JSON.stringify(value)} to plugins.${guard.plugin}.allow.net`;
  throw refuse("may not reach the private address", fix, "not-allowed");
}

/** IPv4 first: a machine without IPv6 is more common than one without IPv4. */
async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host.replace(/^\[|\]$/g, ""), { all: true, order: "ipv4first" });
    return found.map(({ address }) => address);
  } catch (error) {
    throw httpFailure(error);
  }
}
