import { assertStringIncludes } from "@std/assert";
import type { RebuildSummary, VerifySummary } from "../../lib/downloader/mod.ts";
import { command } from "../../scripts/verify.ts";

const NONE = { count: 0, bytes: 0, paths: [] };

async function render(copies: readonly string[], restoredImages: number): Promise<string> {
  const rebuilt: RebuildSummary = {
    files: copies.length,
    known: 0,
    restored: 0,
    fromSidecars: 0,
    bytesRead: 0,
    copies: { count: copies.length, bytes: 0, paths: copies },
    unknown: NONE,
    own: NONE,
    notLookedUp: NONE,
    lookUpFailure: null,
    restoredImages,
    pictures: NONE,
    unreadable: NONE,
    skippedResponses: [],
  };
  const counts: VerifySummary["counts"] = {
    ok: 0,
    missing: 0,
    changed: 0,
    corrupt: 0,
    unverified: 0,
    flagged: 0,
    unreadable: 0,
  };
  const strays = { parts: NONE, stale: NONE, unknown: NONE, own: { count: 0, bytes: 0, files: [] }, orphans: NONE };
  const verified: VerifySummary = {
    ...strays,
    files: 0,
    counts,
    replaced: NONE,
    corrupted: NONE,
    bytesRead: 0,
    adopted: 0,
    redated: 0,
    problems: [],
  };
  return await command.render!({ rebuilt, unfinished: null, verified }, { width: Infinity, color: false });
}

Deno.test("verify --rebuild counts one of a kind in the singular", async () => {
  assertStringIncludes(
    await render(["a"], 1),
    "of 1 model file, 0 from their sidecars, 0 unknown, 1 posted image, 1 duplicate\n",
  );
  assertStringIncludes(
    await render(["a", "b"], 2),
    "of 2 model files, 0 from their sidecars, 0 unknown, 2 posted images, 2 duplicates\n",
  );
});
