import { assert } from "@std/assert";
import { measureGrowth } from "../helpers/measure_growth.ts";

Deno.test("runSoak() itself grows by less than 2 MB in thirty thousand jobs", async () => {
  const bytes = await measureGrowth(new URL("_harness_memory.ts", import.meta.url));
  assert(bytes < 2_000_000, `${bytes} bytes`);
});
