import type { ModelVersion } from "../civitai/mod.ts";
import type { Catalog } from "../library/mod.ts";

/**
 * Which file of a version is primary depends on the endpoint and on the account's preferences: the one that an earlier
 * run planned stays the primary one, so that an update does not fetch the same weights once more in another precision.
 */
export function keepPrimary(catalog: Pick<Catalog, "items">, version: ModelVersion): ModelVersion {
  const primary = version.files.find((file) => file.primary);
  if (primary === undefined) return version;
  const known = new Set<number | null>();
  for (const item of catalog.items({ modelId: version.modelId, kinds: ["file"] })) {
    if (item.versionId === version.id) known.add(item.fileId);
  }
  if (known.has(primary.id)) return version;
  const kept = version.files.find((file) => known.has(file.id) && file.type === primary.type);
  if (kept === undefined) return version;
  return { ...version, files: version.files.map((file) => ({ ...file, primary: file.id === kept.id })) };
}
