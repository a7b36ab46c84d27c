/** Measures how much resident memory grows while 100 000 rows of a catalog are read. */
import { join } from "node:path";
import { openCatalog } from "../../lib/library/mod.ts";
import { reportGrowth } from "../helpers/measure_growth.ts";
import { plannedItem } from "../helpers/library/facts.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const COUNT = 100_000;

await inTempDir(async (folder) => {
  using catalog = openCatalog(join(folder, "catalog.db"));
  catalog.transaction(() => {
    for (let id = 1; id <= COUNT; id++) catalog.plan(plannedItem(id), 1);
  });
  const before = Deno.memoryUsage().rss;
  let count = 0;
  for (const item of catalog.items({ states: ["planned"] })) if (item.kind === "file") count++;
  if (count !== COUNT) throw new Error(`Saw ${count} rows`);
  await reportGrowth(Deno.memoryUsage().rss - before);
});
