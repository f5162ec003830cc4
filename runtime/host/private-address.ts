import { BlockList, isIP } from "node:net";

/** IPv4 addresses that are not on the public internet (iana.org/assignments/iana-ipv4-special-registry). */
const privateRanges = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  privateRanges.addSubnet(network, prefix, "ipv4");
}

/** All of IPv6 that is routed (iana.org/assignments/ipv6-unicast-address-assignments). */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** What of it is not for anyone, or carries an IPv4 address inside: protocols and Teredo, documentation, 6to4. */
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  privateRanges.addSubnet(network, prefix, "ipv6");
}

/** Whether an IP address is of this machine or its neighbourhood; text that is no address counts as such. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (isIP(mapped) === 4) return privateRanges.check(mapped, "ipv4");
  // An IPv4 address in IPv6 (mapped, compatible, NAT64) is outside of what is routed too.
  return isIP(mapped) === 0 || !globalUnicast.check(mapped, "ipv6") || privateRanges.check(mapped, "ipv6");
}
