interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Whether an entry of `net:` covers a host and port: `example.com` (443 and 80), `*.example.com` (its subdomains, not
 * itself), `example.com:8443`, `[::1]:8080`, or `*`.
 */
export function hostCovers(grant: string, wanted: HostAndPort): boolean {
  const { host, port } = parseHostGrant(grant);
  const isWeb = wanted.port === 443 || wanted.port === 80;
  return nameFits(host, wanted.host) && (port === null ? isWeb || host === "*" : port === wanted.port);
}

/** Whether an entry of `deny.net` shuts a host and port out: as a grant, but without a port it means every port. */
export function hostDenies(entry: string, wanted: HostAndPort): boolean {
  const { host, port } = parseHostGrant(entry);
  return nameFits(host, wanted.host) && (port === null || port === wanted.port);
}

/** Whether an entry spells the host out, without a wildcard. */
export function namesHost(grant: string, host: string): boolean {
  return parseHostGrant(grant).host === host;
}

function nameFits(host: string, wanted: string): boolean {
  if (host === "*") return true;
  return host.startsWith("*.") ? wanted.endsWith(host.slice(1)) : host === wanted;
}

function parseHostGrant(grant: string): { readonly host: string; readonly port: number | null } {
  const [, host = grant, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(grant) ?? [];
  const isBareAddress = port !== undefined && host.includes(":") && !host.startsWith("[");
  if (isBareAddress) return { host: `[${grant}]`.toLowerCase(), port: null };
  return { host: host.toLowerCase(), port: port === undefined ? null : Number(port) };
}
