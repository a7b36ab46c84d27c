import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { type CatalogItem, type ItemFacts, openCatalog, staysAsPlanned } from "../../../lib/library/mod.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const HASHES = { SHA256: "ab".repeat(32), AutoV2: "ab".repeat(5) };
const DONE = { sha256: "ab".repeat(32), actualBytes: 999, mtimeMs: 1, etag: "e", outcome: "done" };

/** What a plan may say of an item, and whether it is what the catalog has of it. */
const PLANS: readonly (readonly [plan: Partial<ItemFacts>, stays: boolean])[] = [
  [{}, true],
  [{ sizeBytes: null }, true],
  [{ hashes: {} }, true],
  [{ hashes: { AutoV2: HASHES.AutoV2 } }, true],
  [{ hashes: { ...HASHES, CRC32: "00000000" } }, false],
  [{ hashes: { SHA256: "cd".repeat(32) } }, false],
  [{ hashes: { ...HASHES, AutoV2: HASHES.AutoV2.toUpperCase() } }, false],
  [{ sizeBytes: 1001 }, false],
  [{ modelId: 2 }, false],
  [{ versionId: 2 }, false],
  [{ fileId: 2 }, false],
  [{ imageId: 2 }, false],
  [{ creator: "somebody" }, false],
  [{ source: null }, false],
];

Deno.test("staysAsPlanned() is true only if Catalog.replan() would change nothing but the run", () =>
  inTempDir((folder) => {
    using catalog = openCatalog(join(folder, "catalog.db"));
    const first = plannedItem(1, { hashes: HASHES });
    const states: Readonly<Record<string, () => void>> = {
      done: () => catalog.markDone(first.key, DONE),
      "held back": () => catalog.mark(first.key, { state: "refused", outcome: "removed", reason: "r", notBefore: 5 }),
      planned: () => {},
      refused: () => catalog.mark(first.key, { state: "refused", outcome: "flagged", reason: "r" }),
      failed: () => catalog.mark(first.key, { state: "failed", outcome: "failed", reason: "r", attempts: 1 }),
    };
    for (const [name, enter] of Object.entries(states)) {
      const isSettled = name === "done" || name === "held back";
      for (const [changes, stays] of PLANS) {
        catalog.remove(first.key);
        catalog.plan(first, 1);
        enter();
        const known = catalog.item(first.key)!;
        const plan = { ...first, ...changes };
        const isKept = staysAsPlanned(known, plan);
        assertEquals(isKept, stays && isSettled, `${name}: ${JSON.stringify(changes)}`);
        const next = catalog.replan(plan, 2)!;
        if (isKept) assertEquals(withoutRun(next), withoutRun(known));
      }
    }
    return Promise.resolve();
  }));

function withoutRun({ runId: _runId, ...item }: CatalogItem): unknown {
  return item;
}
