/** Measures how much resident memory grows while a library of 20 000 rows is verified. */
import { join } from "node:path";
import { verifyLibrary } from "../../lib/downloader/mod.ts";
import { reportGrowth } from "../helpers/measure_growth.ts";
import { plannedFile, withLibrary } from "../helpers/library/kept_library.ts";
import { repeatItem } from "../helpers/library/repeat_item.ts";

const COUNT = 20_000;

await withLibrary(async (library) => {
  const verify = async (count: number) => {
    repeatItem(join(library.root, ".civitai-dl", "catalog.db"), count);
    const summary = await verifyLibrary(library);
    if (summary.counts.missing !== count || summary.problems.length !== 1000) throw new Error("Saw other rows");
  };
  library.catalog.plan(plannedFile(1, { hashes: { SHA256: "0".repeat(64) } }), 0);
  const facts = { sha256: null, actualBytes: 5, mtimeMs: 0, etag: null, outcome: "done" };
  library.catalog.markDone("file:1:1", facts);
  library.catalog.mark("file:1:1", { state: "planned", outcome: "missing", reason: "it is gone" });
  // What the runtime needs for code and buffers is there by then.
  await verify(COUNT / 10);
  const before = Deno.memoryUsage().rss;
  await verify(COUNT);
  await reportGrowth(Deno.memoryUsage().rss - before);
});
