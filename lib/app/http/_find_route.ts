import { isWrite, type Route } from "./route.ts";
import { RouteError } from "./route_error.ts";

/** A route that answers a request, and what the placeholders of its path stand for. */
export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request. */
export class RouteTable {
  readonly #routes: readonly { readonly route: Route; readonly pattern: RegExp; readonly names: readonly string[] }[];

  /** Routes without placeholders go first: `/queue/limits` is no queue entry of the name `limits`. */
  constructor(routes: readonly Route[]) {
    const ordered = routes.toSorted((a, b) => countPlaceholders(a) - countPlaceholders(b));
    this.#routes = ordered.map((route) => ({ route, ...compilePath(route.path) }));
  }

  /**
   * Find the route of a request.
   *
   * @param method `HEAD` finds the route of `GET`
   * @param path The path of the request line, not decoded
   * @throws {RouteError} 404 for an unknown path, 405 if the path has no such method
   */
  find(method: string, path: string): FoundRoute {
    const matching = this.#routes.flatMap(({ route, pattern, names }) => {
      const match = pattern.exec(path);
      const params = match === null ? null : decodeAll(names, match.slice(1));
      return params === null ? [] : [{ route, params }];
    });
    const wanted = method === "HEAD" ? "GET" : method;
    const found = matching.find(({ route }) => route.method === wanted);
    if (found !== undefined) return found;
    if (matching.length === 0) {
      throw new RouteError("not-found", "Cannot find this path", { hint: "GET /api/v1/openapi.json lists all paths" });
    }
    const methods = matching.flatMap(({ route }) => isWrite(route) ? [route.method] : ["GET", "HEAD"]);
    const allow = [...new Set(methods)].join(", ");
    throw new RouteError("usage", `Cannot use this method here: only ${allow}`, { status: 405, headers: { allow } });
  }
}

function countPlaceholders({ path }: Route): number {
  return path.split("{").length - 1 + (path.includes("...}") ? 100 : 0);
}

/** Compile a path with placeholders; one takes a segment, `{name...}` the rest. */
function compilePath(path: string): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names: string[] = [];
  const pieces = path.split(/(\{[^}]+\})/).map((piece) => {
    const [, name, isRest] = /^\{(\w+)(\.\.\.)?\}$/.exec(piece) ?? [];
    if (name === undefined) return piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(name);
    return isRest === undefined ? "([^/]+)" : "(.+)";
  });
  return { pattern: new RegExp(`^${pieces.join("")}$`), names };
}

/** Decode what the placeholders stand for; `null` if something is not percent-encoded UTF-8. */
function decodeAll(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> | null {
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index]!)]));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
