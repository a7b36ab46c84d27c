import type { ApiCall } from "../api_call.ts";
import { type HttpResponse, jsonResponse } from "../../http/http_message.ts";
import { renderVersion } from "../render/render_version.ts";
import type { CatalogFile } from "../../catalog/catalog_model.ts";

/**
 * The origin that the live service is believed to write into download URLs of this endpoint, because it misspells the
 * name of a header.
 */
const WRONG_ORIGIN = "https://undefined";

/** `GET /model-versions/by-hash/{hash}`: the version of a file that has this hash, of any type. */
export async function getByHash(call: ApiCall, hash: string): Promise<HttpResponse> {
  const { world } = call;
  const file = await world.hashIndex.find(hash);
  const version = file === null ? null : world.catalog.version(file.versionId);
  return version === null
    ? jsonResponse(404, { error: "Model not found" })
    : jsonResponse(200, await renderVersion(world, version));
}

/**
 * `POST /model-versions/by-hash`: unknown hashes are omitted, the order differs from that of the request, and the list
 * may contain a `null`.
 */
export async function postByHash(call: ApiCall): Promise<HttpResponse> {
  const { world } = call;
  const hashes = parseHashes(call, 100);
  if (!Array.isArray(hashes)) return jsonResponse(400, { error: hashes.issues });
  const files = await findAll(call, hashes);
  const versions = await Promise.all(
    files.reverse().map((file) => renderVersion(world, world.catalog.version(file.versionId)!, WRONG_ORIGIN)),
  );
  return jsonResponse(200, files.length < hashes.length ? [null, ...versions] : versions);
}

/** `POST /model-versions/by-hash/ids`: the ids of model and version for each known hash. */
export async function postByHashIds(call: ApiCall): Promise<HttpResponse> {
  const { world } = call;
  const hashes = parseHashes(call, 10_000);
  if (!Array.isArray(hashes)) {
    const issues = JSON.stringify(hashes.issues, null, 2);
    return jsonResponse(400, { error: `Request must include an array of SHA256 Hashes. ${issues}` });
  }
  const rows = [];
  for (const hash of hashes) {
    const file = await world.hashIndex.find(hash);
    const version = file === null ? null : world.catalog.version(file.versionId);
    if (version !== null) rows.push({ modelVersionId: version.id, modelId: version.modelId, hash: hash.toUpperCase() });
  }
  return jsonResponse(200, rows.sort((a, b) => a.modelVersionId - b.modelVersionId));
}

/** Return the hashes of a request, or the issues with them. */
function parseHashes(call: ApiCall, maxHashes: number): string[] | { readonly issues: readonly unknown[] } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(call.request.body));
  } catch {
    // A missing or unreadable body is treated like an invalid one.
    value = null;
  }
  if (!Array.isArray(value)) {
    return { issues: [{ code: "invalid_type", expected: "array", path: [], message: "Required" }] };
  }
  if (value.length > maxHashes) {
    return {
      issues: [{
        code: "too_big",
        maximum: maxHashes,
        path: [],
        message: `Too big: expected array to have <=${maxHashes} items`,
      }],
    };
  }
  const bad = value.findIndex((it) => typeof it !== "string" || !/^[0-9a-f]{64}$/i.test(it));
  return bad < 0 ? value : { issues: [{ code: "custom", path: [bad], message: "Invalid hash" }] };
}

async function findAll(call: ApiCall, hashes: readonly string[]): Promise<CatalogFile[]> {
  const files = [];
  for (const hash of hashes) {
    const file = await call.world.hashIndex.find(hash);
    if (file !== null) files.push(file);
  }
  return files;
}
