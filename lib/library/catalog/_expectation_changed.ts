import type { CatalogItem, ItemFacts } from "./catalog_item.ts";

/** Kinds that tell content apart, strongest first. */
const KINDS = ["SHA256", "BLAKE3", "AutoV2", "CRC32"] as const;

/**
 * Does the API now promise other content than the catalog knows? Hashes decide where both sides have one; a size alone
 * decides only where there are none, since published sizes are rounded.
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

/** A file that was fetched before its hash was published has told its hash itself. */
function onDisk(known: CatalogItem, kind: string): string | undefined {
  if (known.state !== "done" || known.sha256 === null) return undefined;
  if (kind === "SHA256") return known.sha256.toLowerCase();
  return kind === "AutoV2" ? known.sha256.slice(0, 10).toLowerCase() : undefined;
}
