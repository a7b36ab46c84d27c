/**
 * Planning speed of the catalog: 10 000 new rows in one transaction, median of five runs. Fails beyond one second.
 *
 *     deno run --allow-read --allow-write --allow-env --allow-sys tests/perf/catalog_plan.ts
 */
import { join } from "node:path";
import { openCatalog } from "../../lib/library/mod.ts";
import { plannedItem } from "../helpers/library/facts.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const BOUND_MS = 1000;
const times: number[] = [];
for (let run = 0; run < 5; run++) {
  await inTempDir((folder) => {
    using catalog = openCatalog(join(folder, "catalog.db"));
    const start = performance.now();
    catalog.transaction(() => {
      for (let id = 1; id <= 10_000; id++) catalog.plan(plannedItem(id), 1);
    });
    times.push(performance.now() - start);
    return Promise.resolve();
  });
}
const medianMs = times.toSorted((a, b) => a - b)[2]!;
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify({ medianMs, boundMs: BOUND_MS, times })}\n`));
if (medianMs > BOUND_MS) throw new Error(`Planning took ${medianMs} ms`);
