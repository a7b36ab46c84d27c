/** Measures how much resident memory grows while a library of 20 000 rows is verified. */
import { verifyLibrary } from "../../lib/downloader/mod.ts";
import { reportGrowth } from "../helpers/measure_growth.ts";
import { plannedFile, withLibrary } from "../helpers/library/kept_library.ts";

const COUNT = 20_000;

await withLibrary(async (library) => {
  const { catalog } = library;
  catalog.transaction(() => {
    for (let id = 1; id <= COUNT; id++) {
      catalog.plan(plannedFile(id, { hashes: { SHA256: "0".repeat(64) } }), 0);
      catalog.mark(`file:${id}:${id}`, { state: "planned", outcome: "missing", reason: "it is gone" });
    }
  });
  const before = Deno.memoryUsage().rss;
  const summary = await verifyLibrary(library);
  if (summary.counts.missing !== COUNT || summary.problems.length !== 1000) throw new Error("Saw other rows");
  await reportGrowth(Deno.memoryUsage().rss - before);
});
