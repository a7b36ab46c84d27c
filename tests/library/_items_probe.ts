/** Measures how much resident memory grows while 100 000 rows of a catalog are read. */
import { join } from "node:path";
import { openCatalog } from "../../lib/library/mod.ts";
import { reportGrowth } from "../helpers/measure_growth.ts";
import { plannedItem } from "../helpers/library/facts.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { repeatItem } from "./_repeat_item.ts";

const COUNT = 100_000;

await inTempDir(async (folder) => {
  const path = join(folder, "catalog.db");
  using catalog = openCatalog(path);
  const read = (expected: number) => {
    repeatItem(path, expected);
    let count = 0;
    for (const item of catalog.items({ states: ["planned"] })) if (item.kind === "file") count++;
    if (count !== expected) throw new Error(`Saw ${count} rows`);
  };
  catalog.plan(plannedItem(1), 1);
  // What the runtime needs for code and buffers is there by then.
  read(COUNT / 10);
  const before = Deno.memoryUsage().rss;
  read(COUNT);
  await reportGrowth(Deno.memoryUsage().rss - before);
});
