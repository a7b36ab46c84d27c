import { hashKinds } from "./hash_kinds.ts";
import { isUsername } from "./_is_username.ts";
import { parseId } from "./_parse_id.ts";
import type { Target } from "./target.ts";

/** Parse an address on the site: a page, an API address or a download link. `null` if it identifies no target. */
export function parseSiteUrl(url: URL): Target | null {
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  if (segments[0] === "api") return parseApiPath(segments.slice(segments[1] === "v1" ? 2 : 1), url);
  const [section = "", first] = segments;
  if (section === "user") return userTarget(first);
  const id = parseId(first);
  if (id === null) return null;
  switch (section) {
    case "models": {
      const wanted = url.searchParams.get("modelVersionId");
      const versionId = parseId(wanted);
      return wanted !== null && versionId === null ? null : { type: "model", modelId: id, versionId };
    }
    case "model-versions":
      return { type: "version", versionId: id, fileId: null };
    case "images":
      return { type: "image", imageId: id };
    case "posts":
      return { type: "post", postId: id };
  }
  return null;
}

/**
 * Parse the path after `/api` or `/api/v1`: `download/models/456`, `download/training-data/456`, `models/1`,
 * `model-versions/1`, `model-versions/mini/1`, `model-versions/by-hash/…`.
 */
function parseApiPath(segments: readonly string[], url: URL): Target | null {
  const [section, first, second] = segments;
  if (section === "download") return parseDownload(segments, url);
  if (section === "model-versions" && first === "by-hash" && second !== undefined) {
    const kinds = hashKinds(second);
    return kinds.length === 0 ? null : { type: "hash", hash: second.toLowerCase(), kinds };
  }
  if (section === "models" && url.searchParams.has("username") && first === undefined) {
    return userTarget(url.searchParams.get("username") ?? "");
  }
  if (section === "model-versions" && first === "mini") {
    return versionTarget(second, url.searchParams.get("modelFileId"));
  }
  if (section === "model-versions") return versionTarget(first, null);
  const id = section === "models" ? parseId(first) : null;
  return id === null ? null : { type: "model", modelId: id, versionId: null };
}

/** Parameters by which a download link selects a file of the version. */
const FILE_PARAMETERS = ["type", "format", "size", "fp", "quantType"];

/**
 * Parse a download link. `fileId` selects that file, whatever the other parameters are. Without any parameter, the
 * account's preferences select the file.
 */
function parseDownload([, kind, id]: readonly string[], url: URL): Target | null {
  const target = kind === "models" || kind === "training-data"
    ? versionTarget(id, url.searchParams.get("fileId"))
    : null;
  if (target === null || target.fileId !== null) return target;
  if (kind === "training-data") return { ...target, query: { type: "Training Data" } };
  const query = [...url.searchParams].filter(([name]) => FILE_PARAMETERS.includes(name));
  return query.length === 0 ? target : { ...target, query: Object.fromEntries(query) };
}

/**
 * Build a version target. Returns `null` if the version id is invalid. An invalid file id gives `null`, too, because
 * another file must not be fetched instead.
 */
function versionTarget(id: string | undefined, file: string | null): Extract<Target, { type: "version" }> | null {
  const versionId = parseId(id);
  const fileId = parseId(file);
  return versionId === null || (file !== null && fileId === null) ? null : { type: "version", versionId, fileId };
}

function userTarget(segment: string | undefined): Target | null {
  if (segment === undefined) return null;
  try {
    const username = decodeURIComponent(segment);
    return isUsername(username) ? { type: "user", username } : null;
  } catch (error) {
    // A lone "%" cannot be decoded, and no user name contains it.
    if (error instanceof URIError) return null;
    throw error;
  }
}
