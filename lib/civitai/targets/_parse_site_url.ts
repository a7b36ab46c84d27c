import { hashKinds } from "./hash_kinds.ts";
import { isUsername } from "./_is_username.ts";
import { collectionPage, creatorPage, isOwnPage, listPage, type OtherPage, ownPage, pageBelow } from "./_other_page.ts";
import { parseId } from "./_parse_id.ts";
import type { Target } from "./target.ts";
import { userTarget } from "./_user_target.ts";

/**
 * Parse an address on the site: a page, an API address or a download link. `null` if it identifies no target; a page
 * that shows something else than the targets is named, so that nothing is fetched that it does not show.
 */
export function parseSiteUrl(url: URL): Target | OtherPage | null {
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  if (segments[0] === "api") return parseApiPath(segments.slice(segments[1] === "v1" ? 2 : 1), url);
  const [section = "", first, ...rest] = segments;
  switch (section) {
    case "user":
      return parseUserPath(first, rest);
    case "models":
      return first === undefined ? listPage(url.searchParams) : parseModelPath(first, rest, url);
    case "collections":
      return collectionPage();
    case "search":
      return first === "models" ? listPage(url.searchParams) : null;
    case "tag": {
      const tag = decodeSegment(first);
      return tag === null ? null : listPage(new URLSearchParams({ tag }));
    }
  }
  const id = parseId(first);
  const target = id === null ? null : pageTarget(section, id);
  return target === null || rest.length === 0 ? target : pageBelow(`${section}/${id}`, rest);
}

function pageTarget(section: string, id: number): Target | null {
  switch (section) {
    case "model-versions":
      return { type: "version", versionId: id, fileId: null };
    case "images":
      return { type: "image", imageId: id };
    case "posts":
      return { type: "post", postId: id };
  }
  return null;
}

/** Parse the path after `/user`: a name, and perhaps one of the pages of the creator. */
function parseUserPath(segment: string | undefined, rest: readonly string[]): Target | OtherPage | null {
  const username = decodeSegment(segment);
  if (username === null || !isUsername(username)) return null;
  if (isOwnPage(username)) return ownPage(username);
  return userTarget(username, rest.join("/")) ?? creatorPage(username, rest.join("/"));
}

/** Pages below that of a model, which look like the model's name in its address. */
const MODEL_PAGES = ["edit", "wizard", "reviews"];

/** Parse the path after `/models`: an id, and the name of the model or a page about it. */
function parseModelPath(segment: string, rest: readonly string[], url: URL): Target | OtherPage | null {
  const id = parseId(segment);
  if (id === null) return null;
  const versionOfPath = rest[0] === "model-versions" ? parseId(rest[1]) : null;
  if (versionOfPath !== null) return { type: "model", modelId: id, versionId: versionOfPath };
  if (rest.length > 1 || MODEL_PAGES.includes(rest[0] ?? "")) return pageBelow(`models/${id}`, rest);
  const wanted = url.searchParams.get("modelVersionId");
  const versionId = parseId(wanted);
  return wanted !== null && versionId === null ? null : { type: "model", modelId: id, versionId };
}

/**
 * Parse the path after `/api` or `/api/v1`: `download/models/456`, `download/training-data/456`, `models/1`,
 * `model-versions/1`, `model-versions/mini/1`, `model-versions/by-hash/…`.
 */
function parseApiPath(segments: readonly string[], url: URL): Target | OtherPage | null {
  const [section, first, second] = segments;
  if (section === "download") return parseDownload(segments, url);
  if (section === "model-versions" && first === "by-hash" && second !== undefined) {
    const kinds = hashKinds(second);
    return kinds.length === 0 ? null : { type: "hash", hash: second.toLowerCase(), kinds };
  }
  if (section === "models" && first === undefined) return parseModelList(url.searchParams);
  if (section === "model-versions" && first === "mini") {
    return versionTarget(second, url.searchParams.get("modelFileId"));
  }
  if (section === "model-versions") return versionTarget(first, null);
  const id = section === "models" ? parseId(first) : null;
  return id === null ? null : { type: "model", modelId: id, versionId: null };
}

/** Parameters of a list of models that change neither what is listed nor whose models it has. */
const PLAIN_PARAMETERS = ["username", "limit", "page", "cursor", "sort", "nsfw", "token"];

/** Parse the parameters of `/api/v1/models`: all models of a creator, unless a filter leaves some out. */
function parseModelList(parameters: URLSearchParams): Target | OtherPage | null {
  const username = parameters.get("username");
  if (username === null) return null;
  if ([...parameters.keys()].some((name) => !PLAIN_PARAMETERS.includes(name))) return listPage(parameters);
  return isUsername(username) ? { type: "user", username } : null;
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

/** Decode a segment of a path; `null` if it is empty or no encoded text. */
function decodeSegment(segment: string | undefined): string | null {
  if (segment === undefined) return null;
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    // A lone "%" cannot be decoded.
    if (error instanceof URIError) return null;
    throw error;
  }
}
