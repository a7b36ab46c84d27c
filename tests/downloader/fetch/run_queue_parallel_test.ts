import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { systemClock } from "../../../lib/base/mod.ts";
import { hasSidecars, runQueue, type RunQueueOptions } from "../../../lib/downloader/mod.ts";
import type { SettledFetch } from "../../../lib/downloader/settled_fetch.ts";
import { Failsafe } from "../../../lib/failsafe/mod.ts";
import { PROFILES, type Transport } from "../../../lib/transfer/mod.ts";
import { type Bench, NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";

const OPTIONS: RunQueueOptions = { reserveBytes: 0, hasVersionFolders: true };
const MANY = { size: { creators: 1, modelsPerCreator: 24 } };

/** The keys of files in the order in which they started. */
function begun({ events }: Bench): readonly string[] {
  return events.filter((event) => event.type === "start").map((event) => event.item.key);
}

for (const name of ["parallel", "turbo"] as const) {
  Deno.test(`runQueue() with ${name} fetches everything concurrently, with sidecars, over at most four connections`, () =>
    withBench({ ...MANY, toxics: [{ type: "latency", rate: 1, ms: 20, on: ["storage"] }] }, async (bench) => {
      await bench.plan();
      const summary = await runQueue(bench.options({ profile: PROFILES[name] }), OPTIONS);
      assertEquals([summary.outcomes, summary.failed, summary.stopped], [{ done: 24 }, [], null]);
      for (const item of bench.library.catalog.items()) {
        if (!hasSidecars(JSON.parse(item.source!).type)) continue;
        const beside = join(bench.library.root, item.path.replace(/\.\w+$/, ".civitai.info"));
        assertEquals(JSON.parse(await Deno.readTextFile(beside)).id, item.versionId);
      }
      const maxConcurrent = bench.sandbox.log.peakConnections.storage;
      assert(maxConcurrent > 1 && maxConcurrent <= 4, `${maxConcurrent} at once`);
    }));
}

Deno.test("runQueue() with parallel starts the largest files and the smallest", () =>
  withBench({ ...MANY, fileBytes: { min: 1024, max: 900_000 } }, async (bench) => {
    await bench.plan();
    const bySize = [...bench.library.catalog.items()].sort((a, b) => b.sizeBytes! - a.sizeBytes!).map(({ key }) => key);
    await runQueue(bench.options({ profile: PROFILES.parallel }), OPTIONS);
    const first = begun(bench).slice(0, 4).toSorted();
    assertEquals(first, [...bySize.slice(0, 3), bySize.at(-1)!].sort());
  }));

Deno.test("runQueue() with parallel stops all workers when the download quota is used up, after the files in progress", () =>
  withBench({ ...MANY, downloadQuota: 10 }, async (bench) => {
    await bench.plan();
    const summary = await runQueue(bench.options({ profile: PROFILES.parallel }), OPTIONS);
    assertEquals([summary.stopped?.code, summary.outcomes], ["network", { done: 10 }]);
    assert(bench.sandbox.log.downloadHits <= 14, `${bench.sandbox.log.downloadHits} asked`);
    assertEquals(bench.library.catalog.totals({ states: ["failed"] }).count, 0);
  }));

Deno.test("runQueue() with turbo fetches images and files concurrently", () =>
  withBench({ ...MANY, imagesPerVersion: { min: 2, max: 2 } }, async (bench) => {
    await bench.plan(bench.everything, { ...NO_IMAGES, previews: 2 });
    const summary = await runQueue(bench.options({ profile: PROFILES.turbo }), OPTIONS);
    assertEquals(summary.outcomes, { done: 72 });
  }));

Deno.test("runQueue() uses one connection once the failsafe steps down, and several after it recovers", () =>
  withBench({ ...MANY, toxics: [{ type: "latency", rate: 1, ms: 30, on: ["storage"] }] }, async (bench) => {
    await bench.plan();
    const failsafe = Failsafe.inMemory();
    // A mode limits connections, not files: a file is flushed and renamed after its connection is free for the next.
    const open = new Set<symbol>();
    const peaks = { before: 0, stepped: 0, after: 0 };
    let stage: keyof typeof peaks | "stepping" = "before";
    let openBefore: ReadonlySet<symbol> = new Set();
    const transport: Transport = async (url, options) => {
      const connection = Symbol(url);
      open.add(connection);
      // What was opened before the step may end at its own pace.
      if (stage === "stepping" && openBefore.isDisjointFrom(open)) stage = "stepped";
      if (stage !== "stepping") peaks[stage] = Math.max(peaks[stage], open.size);
      try {
        const response = await bench.options().line.transport(url, options);
        const dispose = async (): Promise<void> => {
          await response[Symbol.asyncDispose]();
          open.delete(connection);
        };
        const read = (target: Uint8Array): Promise<number | null> => response.read(target);
        return { status: response.status, headers: response.headers, read, [Symbol.asyncDispose]: dispose };
      } catch (error) {
        open.delete(connection);
        throw error;
      }
    };
    let ended = 0;
    const onEvent: SettledFetch["onEvent"] = (event) => {
      if (event.type !== "end") return;
      ended++;
      if (ended === 4) {
        failsafe.hold("stable");
        stage = "stepping";
        // A connection whose permit was granted just before is opened within this turn of the event loop.
        openBefore = open;
        setTimeout(() => openBefore = new Set(open), 0);
      }
      if (ended === 16) {
        failsafe.release();
        stage = stage === "stepped" ? "after" : stage;
      }
    };
    const options = bench.options({ transport, clock: systemClock, profile: PROFILES.parallel, failsafe, onEvent });
    const summary = await runQueue(options, OPTIONS);
    assertEquals([summary.outcomes, summary.stopped], [{ done: 24 }, null]);
    assertEquals(peaks.stepped, 1);
    assert(peaks.before > 1 && peaks.after > 1, `${peaks.before} at once, then ${peaks.after}`);
  }));

Deno.test("runQueue() stops when the failsafe pauses, loses nothing, and does not start while it is paused", () =>
  withBench({ ...MANY, toxics: [{ type: "latency", rate: 1, ms: 30, on: ["storage"] }] }, async (bench) => {
    await bench.plan();
    const failsafe = Failsafe.inMemory();
    let ended = 0;
    const onEvent: SettledFetch["onEvent"] = (event) => {
      if (event.type === "end" && ++ended === 5) failsafe.hold("paused");
    };
    const { library: { catalog }, sandbox } = bench;
    const context = bench.options({ clock: systemClock, profile: PROFILES.parallel, failsafe, onEvent });
    const first = await runQueue(context, OPTIONS);
    assertEquals(first.stopped?.code, "network");
    assertEquals(catalog.totals({ states: ["failed"] }).count, 0);
    sandbox.log.clear();
    const second = await runQueue(context, OPTIONS);
    assertEquals([second.stopped?.code, sandbox.log.downloadHits], ["network", 0]);
    failsafe.reset();
    failsafe.release();
    const third = await runQueue(context, OPTIONS);
    assertEquals([third.stopped, catalog.totals({ states: ["done"] }).count], [null, 24]);
  }));
