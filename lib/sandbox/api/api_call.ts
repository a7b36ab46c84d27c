import type { HttpRequest } from "../http/http_message.ts";
import type { World } from "../_world.ts";

/** A request to the API, with what every endpoint needs. */
export interface ApiCall {
  readonly world: World;
  readonly request: HttpRequest;
  readonly query: URLSearchParams;
  /** Whether it contains the valid token. Any other token is treated as no token. */
  readonly isSignedIn: boolean;
  /** The maturity bits that the caller's region allows. */
  readonly allowedLevels: number;
}

/** Read a request. If it has an `Authorization` header, valid or not, any other credential is ignored. */
export function apiCallOf(world: World, request: HttpRequest): ApiCall {
  const query = request.url.searchParams;
  const header = request.headers.get("authorization");
  const token = header === undefined ? query.get("token") : /^Bearer\s+(.+)$/i.exec(header)?.[1];
  const allowedLevels = world.region === "restricted" ? 3 : 31;
  return { world, request, query, isSignedIn: token === world.token, allowedLevels };
}
