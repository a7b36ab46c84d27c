import { assertEquals, assertRejects } from "@std/assert";
import { type MemoryTestOptions, runMemoryTest } from "../../lib/profiling/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const MEGABYTE = 1 << 20;

/** Run with a measured memory that is made up: `bytes` of each repetition, a second each. */
async function run(
  options: Partial<MemoryTestOptions> & { readonly bytes?: (repetition: number) => number; readonly outside?: number },
) {
  const { bytes = () => 20 * MEGABYTE, outside = 0, ...rest } = options;
  const clock = new FakeClock();
  let repetition = 0;
  let found: Awaited<ReturnType<typeof runMemoryTest>> | undefined;
  await inTempDir(async (folder) => {
    found = await runMemoryTest({
      repetitions: 60,
      folder,
      signal: new AbortController().signal,
      clock,
      probe: async () => {
        repetition++;
        await clock.advance(1000);
        return { heapUsed: bytes(repetition), external: MEGABYTE + outside * repetition, rss: 0 };
      },
      work: () => Promise.resolve(),
      writeSnapshot: (path) => path,
      ...rest,
    });
  });
  return found!;
}

Deno.test("runMemoryTest() passes where memory stays, and takes three snapshots", async () => {
  const { verdict, repetitions, snapshots, points } = await run({});
  assertEquals([verdict, repetitions, snapshots.length, points.length], ["pass", 60, 3, 60]);
});

Deno.test("runMemoryTest() takes no snapshot without a folder", async () => {
  const { verdict, snapshots } = await run({ folder: undefined });
  assertEquals([verdict, snapshots], ["pass", []]);
});

Deno.test("runMemoryTest() fails where the heap grows, and where memory outside of it grows", async () => {
  assertEquals((await run({ bytes: (at) => 20 * MEGABYTE + 0.1 * MEGABYTE * at })).verdict, "fail");
  const outside = await run({ outside: 0.1 * MEGABYTE });
  assertEquals([outside.verdict, outside.heap.isLeak, outside.external.isLeak], ["fail", false, true]);
});

Deno.test("runMemoryTest() does not take the caches of a short run for a leak", async () => {
  const { verdict } = await run({ bytes: (at) => 20 * MEGABYTE + 0.02 * MEGABYTE * at });
  assertEquals(verdict, "inconclusive");
});

Deno.test("runMemoryTest() has no verdict after too few repetitions, or when its time is over", async () => {
  assertEquals((await run({ repetitions: 47 })).verdict, "inconclusive");
  const short = await run({ durationMs: 10_000 });
  assertEquals([short.verdict, short.repetitions], ["inconclusive", 10]);
  const none = await run({ signal: AbortSignal.abort("stop") });
  assertEquals([none.verdict, none.repetitions, none.snapshots], ["inconclusive", 0, []]);
});

Deno.test("runMemoryTest() ends with what it has when it is stopped during the work", async () => {
  const stop = new AbortController();
  const { repetitions, verdict } = await run({
    signal: stop.signal,
    work: (repetition) => {
      if (repetition < 5) return Promise.resolve();
      stop.abort("enough");
      return Promise.reject(new Error("stopped"));
    },
  });
  assertEquals([repetitions, verdict], [4, "inconclusive"]);
});

Deno.test("runMemoryTest() passes on an error of the work", async () => {
  await assertRejects(() => run({ work: () => Promise.reject(new Error("broken")) }), Error, "broken");
});
