import { getByHash, postByHash, postByHashIds } from "./routes/api_by_hash.ts";
import { type ApiCall, apiCallOf } from "./api_call.ts";
import { listCreators } from "./routes/api_creators.ts";
import { listImages } from "./routes/api_images.ts";
import { getMe } from "./routes/api_me.ts";
import { getModel } from "./routes/api_model.ts";
import { listModels } from "./routes/api_models.ts";
import { listTags } from "./routes/api_tags.ts";
import { getMiniVersion, getVersion } from "./routes/api_version.ts";
import { ENUM_LISTS } from "./enum_lists.ts";
import { type HttpRequest, type HttpResponse, jsonResponse } from "../http/http_message.ts";
import { validated } from "./_validated.ts";
import type { World } from "../_world.ts";

/** An endpoint of the API. */
interface Endpoint {
  readonly path: RegExp;
  /** Its name in the log, without the prefix. */
  readonly route: string;
  readonly method: "GET" | "POST";
  readonly respond: (call: ApiCall, parameter: string) => HttpResponse | Promise<HttpResponse>;
}

const ENDPOINTS: readonly Endpoint[] = [
  { path: /^\/models$/, route: "/models", method: "GET", respond: listModels },
  { path: /^\/models\/([^/]+)$/, route: "/models/:id", method: "GET", respond: getModel },
  { path: /^\/model-versions\/by-hash$/, route: "/model-versions/by-hash", method: "POST", respond: postByHash },
  {
    path: /^\/model-versions\/by-hash\/ids$/,
    route: "/model-versions/by-hash/ids",
    method: "POST",
    respond: postByHashIds,
  },
  {
    path: /^\/model-versions\/by-hash\/([^/]+)$/,
    route: "/model-versions/by-hash/:hash",
    method: "GET",
    respond: getByHash,
  },
  {
    path: /^\/model-versions\/mini\/([^/]+)$/,
    route: "/model-versions/mini/:id",
    method: "GET",
    respond: getMiniVersion,
  },
  { path: /^\/model-versions\/([^/]+)$/, route: "/model-versions/:id", method: "GET", respond: getVersion },
  { path: /^\/images$/, route: "/images", method: "GET", respond: listImages },
  { path: /^\/creators$/, route: "/creators", method: "GET", respond: listCreators },
  { path: /^\/tags$/, route: "/tags", method: "GET", respond: listTags },
  { path: /^\/enums$/, route: "/enums", method: "GET", respond: () => jsonResponse(200, ENUM_LISTS) },
  { path: /^\/me$/, route: "/me", method: "GET", respond: getMe },
];

/** The endpoint that a request matches. */
export interface ApiMatch {
  /** Its name in the log, such as `/api/v1/models/:id`. */
  readonly route: string;
  readonly respond: () => HttpResponse | Promise<HttpResponse>;
}

/**
 * Find the endpoint of a request.
 *
 * @param world The state that the routes share
 * @param request The request
 * @returns The endpoint, or `null` if there is none
 */
export function matchApi(world: World, request: HttpRequest): ApiMatch | null {
  const prefix = "/api/v1";
  if (!request.url.pathname.startsWith(`${prefix}/`)) return null;
  const path = request.url.pathname.slice(prefix.length);
  for (const endpoint of ENDPOINTS) {
    const match = endpoint.path.exec(path);
    if (match === null) continue;
    return { route: prefix + endpoint.route, respond: () => respond(world, request, endpoint, match[1] ?? "") };
  }
  return null;
}

async function respond(
  world: World,
  request: HttpRequest,
  endpoint: Endpoint,
  parameter: string,
): Promise<HttpResponse> {
  if (world.region === "blocked") {
    const error = "Access to this service is not available in your region due to legal restrictions.";
    return jsonResponse(451, { error, code: "REGION_BLOCKED" });
  }
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== endpoint.method) return jsonResponse(405, { error: "Method not allowed" });
  const call = apiCallOf(world, request);
  const answered = await endpoint.respond(call, decodeURIComponent(parameter));
  const isCached = !call.isSignedIn && method === "GET" && answered.status === 200;
  const cache: HttpResponse["headers"] = isCached
    ? { "Cache-Control": "public, s-maxage=300, stale-while-revalidate=150" }
    : {};
  const headers = { ...answered.headers, ...cache, "Access-Control-Allow-Origin": "*" };
  return method === "GET" && answered.status === 200
    ? validated({ ...answered, headers }, request.headers.get("if-none-match"))
    : { ...answered, headers };
}
