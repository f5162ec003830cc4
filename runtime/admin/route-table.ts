/** Which routes there are, to name a request by its template and to tell a wrong method from a wrong path. */
export interface RouteTable {
  /** The template of a path, as `/api/plugins/:name/restart`; `undefined` when there is none. */
  templateOf(pathname: string): string | undefined;
  /** The methods that the path has. */
  methodsOf(pathname: string): readonly string[];
}

/** Makes a table of routes whose parameters are each one part of the path. */
export function createRouteTable(
  routes: readonly { readonly method: string; readonly path: string }[],
): RouteTable {
  const rows = routes.map(({ method, path }) => ({
    method,
    path,
    pattern: new RegExp(`^${path.split("/").map(patternOf).join("/")}$`),
  }));
  const matching = (pathname: string) => rows.filter(({ pattern }) => pattern.test(pathname));
  return {
    templateOf: (pathname) => matching(pathname)[0]?.path,
    methodsOf: (pathname) => matching(pathname).map(({ method }) => method),
  };
}

function patternOf(part: string): string {
  return part.startsWith(":") ? "[^/]+" : RegExp.escape(part);
}
