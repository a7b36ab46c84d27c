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
import { type HttpAnswer, type HttpRequest, jsonAnswer } from "../http/http_message.ts";
import { validated } from "./_validated.ts";
import type { World } from "../_world.ts";

/** An endpoint of the API. */
interface Endpoint {
  readonly path: RegExp;
  /** Its name in the log, without the prefix. */
  readonly route: string;
  readonly method: "GET" | "POST";
  readonly answer: (call: ApiCall, parameter: string) => HttpAnswer | Promise<HttpAnswer>;
}

const ENDPOINTS: readonly Endpoint[] = [
  { path: /^\/models$/, route: "/models", method: "GET", answer: listModels },
  { path: /^\/models\/([^/]+)$/, route: "/models/:id", method: "GET", answer: getModel },
  { path: /^\/model-versions\/by-hash$/, route: "/model-versions/by-hash", method: "POST", answer: postByHash },
  {
    path: /^\/model-versions\/by-hash\/ids$/,
    route: "/model-versions/by-hash/ids",
    method: "POST",
    answer: postByHashIds,
  },
  {
    path: /^\/model-versions\/by-hash\/([^/]+)$/,
    route: "/model-versions/by-hash/:hash",
    method: "GET",
    answer: getByHash,
  },
  {
    path: /^\/model-versions\/mini\/([^/]+)$/,
    route: "/model-versions/mini/:id",
    method: "GET",
    answer: getMiniVersion,
  },
  { path: /^\/model-versions\/([^/]+)$/, route: "/model-versions/:id", method: "GET", answer: getVersion },
  { path: /^\/images$/, route: "/images", method: "GET", answer: listImages },
  { path: /^\/creators$/, route: "/creators", method: "GET", answer: listCreators },
  { path: /^\/tags$/, route: "/tags", method: "GET", answer: listTags },
  { path: /^\/enums$/, route: "/enums", method: "GET", answer: () => jsonAnswer(200, ENUM_LISTS) },
  { path: /^\/me$/, route: "/me", method: "GET", answer: getMe },
];

/** The endpoint that a request matches. */
export interface ApiMatch {
  /** Its name in the log, such as `/api/v1/models/:id`. */
  readonly route: string;
  readonly answer: () => HttpAnswer | Promise<HttpAnswer>;
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
    return { route: prefix + endpoint.route, answer: () => answer(world, request, endpoint, match[1] ?? "") };
  }
  return null;
}

async function answer(world: World, request: HttpRequest, endpoint: Endpoint, parameter: string): Promise<HttpAnswer> {
  if (world.region === "blocked") {
    const error = "Access to this service is not available in your region due to legal restrictions.";
    return jsonAnswer(451, { error, code: "REGION_BLOCKED" });
  }
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== endpoint.method) return jsonAnswer(405, { error: "Method not allowed" });
  const call = apiCallOf(world, request);
  const answered = await endpoint.answer(call, decodeURIComponent(parameter));
  const isCached = !call.isSignedIn && method === "GET" && answered.status === 200;
  const cache = isCached ? { "Cache-Control": "public, s-maxage=300, stale-while-revalidate=150" } : {};
  const headers = { ...answered.headers, ...cache, "Access-Control-Allow-Origin": "*" };
  return method === "GET" && answered.status === 200
    ? validated({ ...answered, headers }, request.headers.get("if-none-match"))
    : { ...answered, headers };
}
