import type { CatalogItem, ItemFacts } from "../catalog_item.ts";

/** Kinds that identify content, strongest first. */
const KINDS = ["SHA256", "BLAKE3", "AutoV2", "CRC32"] as const;

/**
 * Whether the API now promises different content than the catalog records. If both sides have a hash of the same kind,
 * the strongest such kind decides. Sizes decide only if the API returns no hashes, since published sizes are rounded.
 */
export function expectationChanged(known: CatalogItem, planned: ItemFacts): boolean {
  for (const kind of KINDS) {
    const next = planned.hashes[kind]?.toLowerCase();
    if (!next) continue;
    const before = known.hashes[kind]?.toLowerCase() || onDisk(known, kind);
    if (before) return before !== next;
  }
  return known.sizeBytes !== null && planned.sizeBytes !== null && known.sizeBytes !== planned.sizeBytes &&
    Object.keys(planned.hashes).length === 0;
}

/** Hash of the file on disk, for a file that was downloaded before its hash was published. */
function onDisk(known: CatalogItem, kind: string): string | undefined {
  if (known.state !== "done" || known.sha256 === null) return undefined;
  if (kind === "SHA256") return known.sha256.toLowerCase();
  return kind === "AutoV2" ? known.sha256.slice(0, 10).toLowerCase() : undefined;
}
