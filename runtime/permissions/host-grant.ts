/**
 * Whether an entry of `net:` covers a host and port: `example.com` (443 and 80), `*.example.com` (its subdomains, not
 * itself), `example.com:8443`, `[::1]:8080`, or `*`.
 */
export function hostCovers(grant: string, wanted: { readonly host: string; readonly port: number }): boolean {
  const { host, port } = parseHostGrant(grant);
  const portFits = port === null ? wanted.port === 443 || wanted.port === 80 : port === wanted.port;
  if (host === "*") return port === null || portFits;
  if (!portFits) return false;
  return host.startsWith("*.") ? wanted.host.endsWith(host.slice(1)) : host === wanted.host;
}

/** Whether an entry spells the host out, without a wildcard. */
export function namesHost(grant: string, host: string): boolean {
  return parseHostGrant(grant).host === host;
}

function parseHostGrant(grant: string): { readonly host: string; readonly port: number | null } {
  const [, host = grant, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(grant) ?? [];
  const isBareAddress = port !== undefined && host.includes(":") && !host.startsWith("[");
  if (isBareAddress) return { host: `[${grant}]`.toLowerCase(), port: null };
  return { host: host.toLowerCase(), port: port === undefined ? null : Number(port) };
}
