interface Wanted {
  readonly host: string;
  readonly port: number;
  /** In capitals; without it, whichever. */
  readonly method?: string;
}

/** An entry of `net:` taken apart; `null` where it leaves open which. */
interface HostGrant {
  readonly methods: readonly string[] | null;
  readonly host: string;
  readonly port: number | null;
}

/**
 * Whether an entry of `net:` covers a request: `example.com` (443 and 80), `*.example.com` (its subdomains, not itself),
 * `example.com:8443`, `[::1]:8080`, or `*`; after methods, as in `GET,HEAD example.com`, for those alone.
 */
export function hostCovers(entry: string, wanted: Wanted): boolean {
  const grant = parseHostGrant(entry);
  const takesMethod = grant.methods === null || grant.methods.some((method) => method === wanted.method);
  return takesMethod && nameFits(grant.host, wanted.host) && takesPort(grant, wanted.port);
}

/** Whether an entry of `deny.net` shuts a request out: as a grant, but without a port it means every port. */
export function hostDenies(entry: string, { host, port, method }: Wanted): boolean {
  const denial = parseHostGrant(entry);
  const isMethod = denial.methods === null || method === undefined || denial.methods.includes(method);
  return isMethod && nameFits(denial.host, host) && (denial.port === null || denial.port === port);
}

/** Whether an entry covers all that another one covers. */
export function hostEntryCovers(wide: string, narrow: string): boolean {
  const [outer, inner] = [parseHostGrant(wide), parseHostGrant(narrow)];
  return (
    coversMethodsAndName(outer, inner) &&
    (inner.port === null ? isAsOpen(outer, inner) : takesPort(outer, inner.port))
  );
}

/** Whether an entry of `deny.net` shuts out all that a grant covers. */
export function hostEntryDenies(denial: string, entry: string): boolean {
  const [outer, inner] = [parseHostGrant(denial), parseHostGrant(entry)];
  return coversMethodsAndName(outer, inner) && (outer.port === null || outer.port === inner.port);
}

/** Whether an entry spells the host out, without a wildcard. */
export function namesHost(entry: string, host: string): boolean {
  return parseHostGrant(entry).host === host;
}

function coversMethodsAndName(outer: HostGrant, inner: HostGrant): boolean {
  const { methods } = outer;
  const takesMethods =
    methods === null || inner.methods?.every((method) => methods.includes(method)) === true;
  return takesMethods && (outer.host === inner.host || nameFits(outer.host, inner.host));
}

/** Without a port a name means the web's two, and `*` every one. */
function isAsOpen(outer: HostGrant, inner: HostGrant): boolean {
  return outer.port === null && (outer.host === "*" || inner.host !== "*");
}

function takesPort({ host, port }: HostGrant, wanted: number): boolean {
  return port === null ? host === "*" || wanted === 443 || wanted === 80 : port === wanted;
}

function nameFits(host: string, wanted: string): boolean {
  if (host === "*") return true;
  return host.startsWith("*.") ? wanted.endsWith(host.slice(1)) : host === wanted;
}

function parseHostGrant(entry: string): HostGrant {
  const [, verbs, place = entry] = /^\s*(?:([A-Za-z]+(?:,[A-Za-z]+)*)\s+)?(\S+)\s*$/.exec(entry) ?? [];
  const methods = verbs === undefined ? null : verbs.toUpperCase().split(",");
  const [, host = place, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(place) ?? [];
  const isBareAddress = port !== undefined && host.includes(":") && !host.startsWith("[");
  if (isBareAddress) return { methods, host: `[${place}]`.toLowerCase(), port: null };
  return { methods, host: host.toLowerCase(), port: port === undefined ? null : Number(port) };
}
