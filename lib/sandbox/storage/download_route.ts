import { type ApiCall, apiCallOf } from "../api/api_call.ts";
import { parseId, prettyResponse } from "../api/api_errors.ts";
import { chooseFile } from "../api/render/choose_file.ts";
import { ENUM_LISTS } from "../api/enum_lists.ts";
import { type HttpRequest, type HttpResponse, jsonResponse, textResponse } from "../http/http_message.ts";
import { isoOf } from "../api/render/render_version.ts";
import { signPath } from "./_signed_url.ts";
import type { World } from "../_world.ts";
import type { CatalogFile, CatalogVersion } from "../catalog/catalog_model.ts";
import { DEFAULT_PREFERENCE } from "../api/render/file_preference.ts";

const DAY_MS = 86_400_000;
const NO_STORE = { "Cache-Control": "no-store, max-age=0" };
const FORMATS = ["SafeTensor", "PickleTensor", "GGUF", "Diffusers", "Core ML", "ONNX", "Other"];
const NEEDS_LOGIN = "The creator of this asset requires you to be logged in to download it";
const NO_DOWNLOADS = "The creator of this asset has disabled downloads on this file";
const EARLY = "This asset is in Early Access. You can use Buzz access it now!";
const QUOTA = "We've noticed an unusual amount of downloading from your account. " +
  "Contact support@civitai.com or come back later.";

/** The route that redirects from a version to a signed URL; every request counts against the quota. */
export class DownloadRoute {
  readonly #world: World;
  readonly #hits: number[] = [];

  /**
   * Create the route; none of the quota is used yet.
   *
   * @param world The state that the routes share
   */
  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Respond to a request, with the checks in the order of the live service.
   *
   * @param request The request
   * @param idText Id of the version, as in the path
   * @returns The response
   */
  respond(request: HttpRequest, idText: string): HttpResponse {
    const world = this.#world;
    const call = apiCallOf(world, request);
    if (world.blacklisted) return refuse(403, { error: "Forbidden" });
    if (this.#isOverQuota()) return refuse(429, { error: QUOTA });
    // As reported for the live service, a HEAD request counts against the quota and reveals nothing.
    if (request.method === "HEAD") return refuse(401, { error: "Unauthorized" });
    const id = parseId(idText);
    if (typeof id !== "number") return id;
    const bad = badParameter(call.query);
    if (bad !== null) return prettyResponse(`Invalid option: expected one of ${bad.values}`, bad.name);
    const version = world.catalog.version(id);
    if (version === null) return refuse(404, { error: "File not found" });
    return checkAccess(call, version) ?? this.#redirect(call, version);
  }

  #isOverQuota(): boolean {
    const now = this.#world.now();
    while (this.#hits[0] !== undefined && this.#hits[0] <= now - DAY_MS) this.#hits.shift();
    if (this.#world.downloadQuota === Infinity) return false;
    this.#hits.push(now);
    return this.#hits.length > this.#world.downloadQuota;
  }

  #redirect(call: ApiCall, version: CatalogVersion): HttpResponse {
    const { storageOrigin, secret, signedUrlTtlMs, now } = this.#world;
    const file = version.outcome === "removed" ? null : wantedFile(call, version);
    if (file === null) return refuse(404, { error: "File not found" });
    const signed = { secret, path: file.storagePath, fileName: file.name, nowMs: now(), ttlMs: signedUrlTtlMs };
    return textResponse(307, "", "text/plain", { Location: `${storageOrigin()}${signPath(signed)}`, ...NO_STORE });
  }
}

/** Return the refusal if the caller may not download the version, otherwise `null`. */
function checkAccess(call: ApiCall, version: CatalogVersion): HttpResponse | null {
  const { world, isSignedIn } = call;
  const { outcome, earlyAccessUntilMs } = version;
  if (outcome === "region") {
    const error = "Access to this service is not available in your region due to legal restrictions.";
    return refuse(451, { error, code: "REGION_BLOCKED" });
  }
  if (outcome === "archived") return refuse(410, { error: "Model archived, not available for download" });
  if (outcome === "takenDown") return refuse(404, { error: "File not found" });
  if (outcome === "downloadsDisabled") return unauthorized(call, version, NO_DOWNLOADS);
  if ((version.requiresLogin || outcome === "noAccess") && !isSignedIn) return unauthorized(call, version, NEEDS_LOGIN);
  const isEarly = outcome === "earlyAccess" && earlyAccessUntilMs !== null && world.now() < earlyAccessUntilMs;
  if (isEarly || outcome === "permanentlyPaid") return earlyAccess(call, version);
  if (outcome === "noAccess") return refuse(403, { error: "You do not have access to download this file" });
  return null;
}

/**
 * Return the requested file: by id, by properties, or the one that matches the preference best; `null` if there is
 * none.
 */
function wantedFile(call: ApiCall, version: CatalogVersion): CatalogFile | null {
  const { query, world, isSignedIn } = call;
  const fileId = query.get("fileId");
  if (fileId !== null) return version.files.find((file) => `${file.id}` === fileId) ?? null;
  const wanted = (["type", "format", "size", "fp", "quantType"] as const).filter((name) => query.has(name));
  if (wanted.length === 0) {
    return chooseFile(version.files, isSignedIn ? world.accountPreference : DEFAULT_PREFERENCE);
  }
  const offered = version.linkedFile === null ? version.files : [...version.files, version.linkedFile];
  return offered.find((file) => wanted.every((name) => file[name] === query.get(name))) ?? null;
}

/** Return the first parameter whose value is not allowed; `null` if all values are allowed. */
function badParameter(query: URLSearchParams): { readonly name: string; readonly values: string } | null {
  const known = { type: ENUM_LISTS.ModelFileType, format: FORMATS, size: ["full", "pruned"] };
  for (const [name, values] of Object.entries(known)) {
    const word = query.get(name);
    if (word === null || (values as readonly string[]).includes(word)) continue;
    return { name, values: values.map((it) => `"${it}"`).join("|") };
  }
  const fileId = query.get("fileId");
  return fileId === null || /^\d+$/.test(fileId) ? null : { name: "fileId", values: "number" };
}

/** Respond with 401, but redirect browsers to the sign-in page, which responds with 200 and HTML. */
function unauthorized(call: ApiCall, version: CatalogVersion, message: string): HttpResponse {
  if (!isBrowser(call.request)) return refuse(401, { error: "Unauthorized", message });
  const back = encodeURIComponent(`/model-versions/${version.id}`);
  return redirectTo(`/login?returnUrl=${back}&reason=download-auth`);
}

/** Respond with 403, but redirect browsers to the page of the version. */
function earlyAccess(call: ApiCall, version: CatalogVersion): HttpResponse {
  if (isBrowser(call.request)) return redirectTo(`/model-versions/${version.id}`);
  const { earlyAccessUntilMs } = version;
  const deadline = earlyAccessUntilMs === null ? {} : { deadline: isoOf(earlyAccessUntilMs) };
  return refuse(403, { error: "Early Access", ...deadline, message: EARLY });
}

/** Whether a caller's `User-Agent` is that of a browser. */
export function isBrowser(request: HttpRequest): boolean {
  return /mozilla|chrome|safari|firefox|opera|edge/i.test(request.headers.get("user-agent") ?? "");
}

function redirectTo(location: string): HttpResponse {
  return textResponse(307, "", "text/plain", { Location: location, ...NO_STORE });
}

function refuse(status: number, body: unknown): HttpResponse {
  return jsonResponse(status, body, NO_STORE);
}
