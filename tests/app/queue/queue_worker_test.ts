import { assertEquals, assertRejects } from "@std/assert";
import { choiceOf, type EntryEnd, type EntryRun, QueueWorker } from "../../../lib/app/mod.ts";
import { KitError } from "../../../lib/base/mod.ts";
import { DEFAULT_CHOICE, type Library, Throttle } from "../../../lib/downloader/mod.ts";
import type { Queue, QueueEntry } from "../../../lib/library/mod.ts";
import { withLibrary } from "../../helpers/library/kept_library.ts";
import { plannedItem } from "../../helpers/library/facts.ts";

const ENDED: EntryEnd = {
  type: "ended",
  end: { state: "done", reason: null, hint: null, counts: { done: 1, there: 0, failed: 0, refused: 0 }, failures: [] },
};

function add(queue: Queue, title: string): number {
  return queue.add({ kind: "download", title, targets: [], choice: null, except: null, key: null }).entry.id;
}

/** A worker whose entries end as a story says. */
function workerOf(run: (entry: QueueEntry, context: EntryRun) => Promise<EntryEnd> | EntryEnd): QueueWorker {
  return new QueueWorker({ runEntry: async (entry, context) => await run(entry, context) });
}

function states({ catalog: { queue } }: Library): readonly string[] {
  return queue.list({ holderPid: Deno.pid }).map(({ title, state }) => `${title} ${state}`);
}

/** Wait until a run is told to stop. */
async function untilStopped({ signal }: EntryRun): Promise<never> {
  const stopped = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => stopped.reject(signal.reason), { once: true });
  return await stopped.promise;
}

const NEVER = new AbortController().signal;

Deno.test("QueueWorker runs what waits in order, also what is added meanwhile", () =>
  withLibrary(async (library) => {
    const { queue } = library.catalog;
    for (const title of ["a", "b"]) add(queue, title);
    const ran: string[] = [];
    const worker = workerOf(({ title }) => {
      ran.push(title);
      if (title === "a") queue.first(add(queue, "c"));
      return ENDED;
    });
    assertEquals(await worker.work(library, NEVER), { ran: 3, obstacle: null });
    assertEquals([ran, worker.current], [["a", "c", "b"], null]);
  }));

Deno.test("QueueWorker takes over what another process left running", () =>
  withLibrary(async (library) => {
    add(library.catalog.queue, "a");
    library.catalog.queue.claim(1);
    assertEquals((await workerOf(() => ENDED).work(library, NEVER)).ran, 1);
    assertEquals(states(library), ["a done"]);
  }));

Deno.test("QueueWorker stops at an obstacle, and the entry waits with the reason", () =>
  withLibrary(async (library) => {
    const { queue } = library.catalog;
    const id = add(queue, "a");
    add(queue, "b");
    const obstacle = { reason: "no network", hint: "plug it in" };
    const worked = await workerOf(() => ({ type: "obstacle", ...obstacle })).work(library, NEVER);
    assertEquals([worked.obstacle?.reason, states(library)], ["no network", ["a waiting", "b waiting"]]);
    assertEquals([queue.entry(id)?.reason, queue.entry(id)?.hint], ["no network", "plug it in"]);
    await workerOf(() => ENDED).work(library, NEVER);
    assertEquals([queue.entry(id)?.state, queue.entry(id)?.reason], ["done", null]);
  }));

Deno.test("QueueWorker ends an entry whose run fails, and one with a mistake of the program", () =>
  withLibrary(async (library) => {
    const { queue } = library.catalog;
    const id = add(queue, "a");
    const other = add(queue, "b");
    const error = new KitError("failed", "Cannot do it: it is broken", { hint: "mend it" });
    const worker = workerOf(({ id: running }) => {
      throw running === id ? error : new TypeError("a mistake");
    });
    await assertRejects(() => worker.work(library, NEVER), TypeError, "a mistake");
    assertEquals([queue.entry(id)?.state, queue.entry(id)?.reason, queue.entry(id)?.hint], [
      "failed",
      error.message,
      "mend it",
    ]);
    assertEquals(queue.entry(other)?.state, "failed");
  }));

Deno.test("QueueWorker lets an entry wait again if the worker is stopped", () =>
  withLibrary(async (library) => {
    add(library.catalog.queue, "a");
    const stop = new AbortController();
    const worker = workerOf((_, run) => {
      queueMicrotask(() => stop.abort(new Error("enough")));
      return untilStopped(run);
    });
    assertEquals(await worker.work(library, stop.signal), { ran: 1, obstacle: null });
    assertEquals(states(library), ["a waiting"]);
  }));

Deno.test("QueueWorker.look() stops an entry that was paused or cancelled, and sets new limits", () =>
  withLibrary(async (library) => {
    const { queue } = library.catalog;
    const throttle = new Throttle();
    for (const title of ["a", "b", "c"]) add(queue, title);
    const seen: number[] = [];
    const worker: QueueWorker = new QueueWorker({
      throttle,
      async runEntry({ id, title }, run) {
        queue.limits = { bytesPerSecond: null, connections: id };
        worker.look();
        seen.push(throttle.maxConnections);
        if (title === "a") queue.pause(id);
        else if (title === "b") queue.cancel(id);
        else queue.isPaused = true;
        queueMicrotask(() => worker.look());
        return await untilStopped(run);
      },
    });
    assertEquals((await worker.work(library, NEVER)).obstacle, null);
    assertEquals(seen, [1, 2, 3]);
    assertEquals(states(library), ["a paused", "c waiting", "b cancelled"]);
  }));

Deno.test("QueueWorker withdraws what a cancelled entry planned, but not what was unfinished before", () =>
  withLibrary(async (library) => {
    const { catalog } = library;
    const { queue } = catalog;
    const earlier = catalog.startRun({ command: "download", engine: "stable", targets: null });
    const old = plannedItem(1);
    const own = plannedItem(2);
    catalog.plan(old, earlier);
    add(queue, "a");
    const worker = workerOf((entry, run) => {
      const runId = catalog.startRun({ command: "download", engine: "stable", targets: null });
      run.onRun(runId);
      for (const item of [old, own]) catalog.plan(item, runId);
      queue.cancel(entry.id);
      queueMicrotask(() => worker.look());
      return untilStopped(run);
    });
    await worker.work(library, NEVER);
    assertEquals([...catalog.items()].map(({ key, state }) => [key, state]), [[old.key, "planned"]]);
    assertEquals([queue.unsettled(), states(library)], [[], ["a cancelled"]]);
  }));

Deno.test("QueueWorker shows how far an entry is", () =>
  withLibrary(async (library) => {
    add(library.catalog.queue, "a");
    const worker = workerOf((_, run) => {
      const listing = worker.current!.progress;
      assertEquals([listing.phase, listing.files, listing.secondsLeft], ["listing", 0, null]);
      run.onEvent({ type: "page", target: "user:a", models: 7, files: 9 });
      assertEquals(worker.current!.progress.files, 7);
      run.onEvent({ type: "plan", files: 2, bytes: 100.4 });
      const item = {
        key: "file:1:1",
        kind: "file",
        path: "x",
        creator: null,
        modelId: 1,
        versionId: 1,
        fileId: 1,
      } as const;
      run.onEvent({ type: "start", item, host: "h", totalBytes: 60, resumedBytes: 10 });
      run.onEvent({ type: "bytes", key: item.key, count: 20 });
      const { phase, files, bytes, bytesDone, current } = worker.current!.progress;
      assertEquals([phase, files, bytes, bytesDone], ["fetching", 2, 100, 30]);
      assertEquals(current, [{ path: "x", bytes: 60, bytesDone: 30 }]);
      run.onCheck({ files: 1, totalFiles: 4, bytesRead: 5, totalBytes: 20, path: "y" });
      const check = worker.current!.progress;
      assertEquals([check.phase, check.filesDone, check.files, check.bytesDone, check.bytes], [
        "checking",
        1,
        4,
        5,
        20,
      ]);
      return ENDED;
    });
    await worker.work(library, NEVER);
  }));

Deno.test("choiceOf() gives a row the defaults of fields that it does not have, and what it leaves out", () => {
  const except = { models: [1], versions: [], files: [] };
  assertEquals(choiceOf({ choice: null, except: null }), { fields: DEFAULT_CHOICE, given: [], hasLayout: false });
  const stored = { fields: { versions: "latest" }, given: ["versions"], hasLayout: true };
  assertEquals(choiceOf({ choice: stored, except }), {
    fields: { ...DEFAULT_CHOICE, versions: "latest", except },
    given: ["versions"],
    hasLayout: true,
  });
});
