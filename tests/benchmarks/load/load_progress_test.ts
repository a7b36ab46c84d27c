import { assertEquals } from "@std/assert";
import { describeLoad } from "../../../benchmarks/load/mod.ts";
import { loadRunsOf } from "./_runs.ts";

const START = { planned: 10, done: [], files: 1000, requested: 0, step: "preparing", runMs: 0 } as const;

Deno.test("describeLoad() says the run, its step, the speed so far and how long it takes", () => {
  assertEquals(describeLoad(START), "run 1 of 10: preparing");
  assertEquals(
    describeLoad({ ...START, done: loadRunsOf(2), requested: 410, step: "fetching", runMs: 8000 }),
    "run 3 of 10: fetching, 410 of 1000 files (41 %); 100 MB/s so far, 2m 32s left",
  );
  assertEquals(
    describeLoad({ ...START, done: loadRunsOf(9), requested: 1000, step: "comparing", runMs: 20_000 }),
    "run 10 of 10: comparing; 100 MB/s so far",
  );
});

Deno.test("describeLoad() estimates the first run by its own pace, once there is one", () => {
  assertEquals(
    describeLoad({ ...START, requested: 10, step: "fetching", runMs: 500 }),
    "run 1 of 10: fetching, 10 of 1000 files (1 %)",
  );
  assertEquals(
    describeLoad({ ...START, requested: 250, step: "fetching", runMs: 5000 }),
    "run 1 of 10: fetching, 250 of 1000 files (25 %); 3m 15s left",
  );
});
