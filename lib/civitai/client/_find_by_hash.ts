import { KitError } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { hashKinds } from "../targets/hash_kinds.ts";
import type { ApiCall, Requester } from "../requests/requester.ts";
import type { ModelVersion } from "../shapes/entities.ts";
import { parseVersion } from "../shapes/parse_version.ts";

/**
 * Find the version that contains a file with this hash. The response must list the hash, because short hashes collide.
 */
export async function findByHash(
  requester: Requester,
  hash: string,
  signal: AbortSignal | undefined,
): Promise<ModelVersion> {
  const wanted = hash.trim().toLowerCase();
  if (hashKinds(wanted).length === 0) {
    throw new KitError("usage", `Cannot look up "${hash}": a hash has 8, 10, 12 or 64 hexadecimal characters`);
  }
  const what = `look up hash "${wanted}"`;
  const call: ApiCall = { what, path: `/api/v1/model-versions/by-hash/${wanted}`, lane: "model", signal };
  const version = await requester.jsonAnywhere(call, (json) => parseVersion(json));
  const isListed = version.files.some((file) => Object.values(file.hashes).includes(wanted));
  if (!isListed) {
    const unreadable = version.unreadable?.find(({ kind }) => kind === "file");
    const note = unreadable === undefined
      ? ""
      : `; it may be ${unreadable.name}, which is unreadable: ${unreadable.reason}`;
    const state = `the server responded with version ${version.id}, which has no such file${note}`;
    throw new FailureError("gone", `Cannot ${what}: ${state}`);
  }
  return version;
}

/** Look up many SHA-256 hashes in batches, each hash only once. */
export async function findByHashes<T>(
  sha256s: readonly string[],
  batchSize: number,
  request: (batch: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const unique = [...new Set(sha256s.map((hash) => hash.trim().toLowerCase()))];
  const invalid = unique.find((hash) => !/^[0-9a-f]{64}$/.test(hash));
  if (invalid !== undefined) {
    throw new KitError("usage", `Cannot look up "${invalid}": a SHA-256 has 64 hexadecimal characters`);
  }
  const found: T[] = [];
  for (let start = 0; start < unique.length; start += batchSize) {
    for (const item of await request(unique.slice(start, start + batchSize))) found.push(item);
  }
  return found;
}
