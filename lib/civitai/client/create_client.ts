import { formatCount, KitError } from "../../base/mod.ts";
import { applyDefaults } from "./_apply_defaults.ts";
import { findByHash, findByHashes } from "./_find_by_hash.ts";
import { isSameUsername } from "../_is_same_username.ts";
import { listImages } from "../listings/list_images.ts";
import { listModels } from "../listings/list_models.ts";
import { type ApiCall, Requester } from "../requests/requester.ts";
import { parseAllowedHost } from "./_parse_allowed_host.ts";
import { resolveDownload } from "./_resolve_download.ts";
import { walkNumbered } from "../listings/walk_numbered.ts";
import { STORAGE_HOSTS } from "../hosts.ts";
import type { Client, ListCallOptions } from "./client.ts";
import type { ClientOptions } from "../client_options.ts";
import { parseAccount } from "../shapes/parse_account.ts";
import { type Creator, parseCreators } from "../shapes/parse_creators.ts";
import { parseEnums } from "../shapes/parse_enums.ts";
import { parseHashMatches } from "../shapes/parse_hash_matches.ts";
import { parseModel } from "../shapes/parse_model.ts";
import { parseTags } from "../shapes/parse_tags.ts";
import { parseVersion } from "../shapes/parse_version.ts";
import { parseVersionList } from "../shapes/parse_version_list.ts";
import { parseVersionSummary } from "../shapes/parse_version_summary.ts";
import type { UnreadableEntry } from "../shapes/unreadable_entry.ts";

const IDS_A_REQUEST = 10_000;
const VERSIONS_A_REQUEST = 100;
const MAX_CREATOR_PAGES = 10;
const MAX_TAG_PAGES = 50;

/**
 * Create a client for Civitai's API.
 *
 * @param options Address, token, rates, limits, and replacements for `fetch`, clock and randomness
 * @returns The client; it has not sent any request yet
 * @throws {KitError} `usage` if the address, the token, the User-Agent or an allowed host is invalid
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { createClient } from "@civitai-dl/civitai-dl/civitai";
 * const client = createClient({ token: "0123456789abcdef" });
 * assert("authorization" in client.headersFor("https://civitai.com/api/v1/me"));
 * assert(!("authorization" in client.headersFor("https://image.civitai.com/x.png")));
 * ```
 */
export function createClient(options: ClientOptions = {}): Client {
  const settings = applyDefaults(options);
  const isBaseLoopback = settings.base.isLoopback;
  const allowedHosts = (options.allowedHosts ?? []).map((host) => parseAllowedHost(host, { isBaseLoopback }));
  const requester = new Requester(settings);
  const hosts = [...STORAGE_HOSTS, ...allowedHosts];
  return {
    baseUrl: settings.base.href,
    tokenOrigin: settings.token === undefined ? null : options.tokenOrigin ?? null,
    get responseCount() {
      return requester.wire.responseCount;
    },
    hostRules: { allowedHosts, isBaseLoopback },
    me: ({ signal, maxRetries } = {}) =>
      requester.json({ ...apiCall("read the account", "/me", signal), maxRetries }, parseAccount),
    async model(id, { signal } = {}) {
      return await requester.jsonAnywhere(apiCall(`read model ${id}`, `/models/${checkId(id)}`, signal), parseModel);
    },
    async version(id, { signal } = {}) {
      const call = apiCall(`read version ${id}`, `/model-versions/${checkId(id)}`, signal);
      return await requester.jsonAnywhere(call, (json) => parseVersion(json));
    },
    async versionSummary(id, { signal, fileId } = {}) {
      const query = fileId === undefined ? undefined : new URLSearchParams({ modelFileId: String(checkId(fileId)) });
      const call = apiCall(`read version ${id}`, `/model-versions/mini/${checkId(id)}`, signal);
      return await requester.jsonAnywhere({ ...call, query }, parseVersionSummary);
    },
    versionByHash: (hash, { signal } = {}) => findByHash(requester, hash, signal),
    versionsByHashes: (sha256s, { signal, onUnreadable } = {}) =>
      findByHashes(sha256s, VERSIONS_A_REQUEST, (body) => {
        const call = apiCall(
          `look up ${formatCount(body.length, "hash", "hashes")}`,
          "/model-versions/by-hash",
          signal,
        );
        return requester.json({ ...call, body }, (json) => parseVersionList(json, { onUnreadable }));
      }),
    versionIdsByHashes: (sha256s, { signal, onUnreadable } = {}) =>
      findByHashes(sha256s, IDS_A_REQUEST, (body) => {
        const call = apiCall(
          `look up ${formatCount(body.length, "hash", "hashes")}`,
          "/model-versions/by-hash/ids",
          signal,
        );
        return requester.json({ ...call, body }, (json) => parseHashMatches(json, { onUnreadable }));
      }),
    listModels: (query, options = {}) => listModels(requester, query, options),
    listImages: (query, options = {}) => listImages(requester, query, options),
    findCreator: (username, options = {}) => findCreator(requester, username, options),
    tags: (prefix, options = {}) => findTags(requester, prefix, options),
    enums: ({ signal } = {}) =>
      requester.json(apiCall("read the lists of types and base models", "/enums", signal), parseEnums),
    async resolveDownload(choice, { signal } = {}) {
      checkId(choice.versionId);
      return await resolveDownload(requester, choice, { allowedHosts: hosts, signal });
    },
    headersFor: (url) => requester.wire.headersFor(new URL(url)),
  };
}

function apiCall(what: string, path: string, signal: AbortSignal | undefined): ApiCall {
  return { what, path: `/api/v1${path}`, lane: "model", signal };
}

function checkId(id: number): number {
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new KitError("usage", `Cannot request id ${id}: ids are positive integers`);
}

/**
 * Find a creator by exact name. The server lists all names that contain the text, so the exact match may be pages away.
 */
async function findCreator(
  requester: Requester,
  username: string,
  { signal, onUnreadable = () => {} }: ListCallOptions,
): Promise<Creator | null> {
  if (username.trim() === "") throw new KitError("usage", "Cannot find a creator: the name is empty");
  const query = new URLSearchParams({ query: username });
  const call: ApiCall = { ...apiCall(`find creator "${username}"`, "/creators", signal), query };
  // An unreadable creator matters only if it may be the one that is searched for.
  const unreadable: UnreadableEntry[] = [];
  const parse = (json: unknown) => parseCreators(json, { onUnreadable: (entry) => unreadable.push(entry) });
  const names = new Set<string>();
  for await (const page of walkNumbered(requester, call, { maxPages: MAX_CREATOR_PAGES, parse })) {
    const found = page.creators.find((creator) => isSameUsername(creator.username, username));
    if (found !== undefined) return found;
    const before = names.size;
    for (const creator of page.creators) names.add(creator.username);
    if (!page.hasNext || names.size === before) break;
  }
  unreadable.forEach(onUnreadable);
  return null;
}

/**
 * List tags. The server reports a total of 0 and never announces a next page. The list ends with the first page without
 * new names.
 */
async function findTags(
  requester: Requester,
  prefix: string,
  { signal, onUnreadable }: ListCallOptions,
): Promise<readonly string[]> {
  const names = new Set<string>();
  const call: ApiCall = { ...apiCall("list tags", "/tags", signal), query: new URLSearchParams({ query: prefix }) };
  const parse = (json: unknown) => parseTags(json, { onUnreadable });
  for await (const page of walkNumbered(requester, call, { maxPages: MAX_TAG_PAGES, parse })) {
    const before = names.size;
    for (const name of page) names.add(name);
    if (names.size === before) break;
  }
  return [...names];
}
