import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../../lib/base/mod.ts";
import {
  type Catalog,
  type ListQueueOptions,
  openCatalog,
  type QueueEnd,
  type QueueFailure,
  type QueueRequest,
} from "../../../../lib/library/mod.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";
import { inTempDir } from "../../../helpers/temp_dir.ts";

function withCatalog(test: (catalog: Catalog, clock: FakeClock, path: string) => void): Promise<void> {
  return inTempDir((folder) => {
    const clock = new FakeClock();
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path, { clock });
    test(catalog, clock, path);
  });
}

function request(title: string, more: Partial<QueueRequest> = {}): QueueRequest {
  return { kind: "download", title, targets: [`user:${title}`], choice: null, except: null, key: null, ...more };
}

const DONE: QueueEnd = {
  state: "done",
  reason: null,
  hint: null,
  counts: { done: 2, there: 0, failed: 0, refused: 0 },
  failures: [],
};

function titles({ queue }: Catalog, holderPid: number | null = null): readonly string[] {
  return queue.list({ holderPid }).map(({ title, state }) => `${title} ${state}`);
}

Deno.test("Queue.add() stores a request, and the same key only once", () =>
  withCatalog(({ queue }, clock) => {
    const except = { models: [1], versions: [2], files: ["file:2:3"] };
    const asked = request("ann", { choice: { versions: "latest" }, except, key: "once" });
    const { entry, isNew } = queue.add(asked);
    assertEquals(isNew, true);
    const { key: _key, ...stored } = asked;
    assertEquals(entry, {
      ...stored,
      id: 1,
      state: "waiting",
      addedAt: clock.now(),
      startedAt: null,
      endedAt: null,
      pid: null,
      reason: null,
      hint: null,
      counts: null,
    });
    assertEquals(queue.add({ ...request("other"), key: "once" }), { entry, isNew: false });
    assertEquals(queue.add(request("ann")).isNew, true);
    assertEquals(queue.add(request("ann")).isNew, true);
    assertEquals(queue.list({ holderPid: null }).length, 3);
  }));

Deno.test("Queue.claim() starts one entry after another, and Queue.end() records how they end", () =>
  withCatalog((catalog, clock) => {
    const { queue } = catalog;
    for (const title of ["a", "b"]) queue.add(request(title));
    const first = queue.claim(7)!;
    assertEquals([first.title, first.state, first.pid, first.startedAt], ["a", "running", 7, clock.now()]);
    clock.advance(1000);
    const failures: QueueFailure[] = [
      { kind: "failed", path: "x", outcome: "failed", message: "no", hint: null, model: { id: 1, name: "one" } },
    ];
    const ended = queue.end(first.id, { ...DONE, state: "failed", reason: "1 file failed", hint: "wait", failures })!;
    assertEquals([ended.state, ended.endedAt, ended.reason, ended.hint], [
      "failed",
      clock.now(),
      "1 file failed",
      "wait",
    ]);
    assertEquals([ended.counts, queue.failures(first.id)], [DONE.counts, failures]);
    assertEquals(queue.claim(7)?.title, "b");
    assertEquals(queue.claim(7), null);
    assertEquals(titles(catalog, 7), ["b running", "a failed"]);
  }));

Deno.test("Queue lets an entry wait again whose process does not hold the library any more", () =>
  withCatalog((catalog) => {
    const { queue } = catalog;
    for (const title of ["a", "b"]) queue.add(request(title));
    queue.claim(7);
    assertEquals([titles(catalog, 7), queue.countWaiting({ holderPid: 7 })], [["a running", "b waiting"], 1]);
    for (const holderPid of [null, 8]) {
      assertEquals([titles(catalog, holderPid), queue.countWaiting({ holderPid })], [["a waiting", "b waiting"], 2]);
    }
    queue.recover();
    assertEquals(queue.claim(8)?.title, "a");
  }));

Deno.test("Queue.pause(), resume(), cancel(), first() and retry() change the state, or say why not", () =>
  withCatalog((catalog) => {
    const { queue } = catalog;
    const [a, b, c] = ["a", "b", "c"].map((title) => queue.add(request(title)).entry.id) as [number, number, number];
    assertEquals(queue.first(c).state, "waiting");
    assertEquals(titles(catalog), ["c waiting", "a waiting", "b waiting"]);
    assertEquals(queue.pause(c).state, "paused");
    assertEquals(queue.claim(7)?.id, a);
    // What was paused or cancelled meanwhile stays so when its run ends.
    assertEquals([queue.pause(a).state, queue.end(a, DONE)?.state], ["paused", "paused"]);
    queue.release(a);
    assertEquals([queue.entry(a)?.state, queue.resume(a).state], ["paused", "waiting"]);
    assertEquals(queue.claim(7)?.id, a);
    queue.release(a);
    assertEquals(queue.entry(a)?.state, "waiting");
    assertEquals([queue.cancel(b).state, queue.cancel(c).state], ["cancelled", "cancelled"]);
    for (const change of [() => queue.resume(a), () => queue.pause(b), () => queue.first(b), () => queue.retry(a)]) {
      assertEquals(assertThrows(change, KitError, "of the queue: it is ").code, "unsafe");
    }
    assertThrows(() => queue.cancel(99), KitError, "there is none with this number");
    assertEquals(queue.retry(b).state, "waiting");
    assertEquals(titles(catalog), ["a waiting", "b waiting", "c cancelled"]);
  }));

Deno.test("Queue.unsettled() names the cancelled entries that have planned something", () =>
  withCatalog(({ queue }) => {
    const [a, b] = ["a", "b"].map((title) => queue.add(request(title)).entry.id) as [number, number];
    queue.remember(a, { runs: [3] });
    assertEquals(queue.memory(a), { runs: [3] });
    for (const id of [a, b]) queue.cancel(id);
    assertEquals(queue.unsettled().map(({ id }) => id), [a]);
    queue.remember(a, null);
    assertEquals([queue.unsettled(), queue.memory(a)], [[], null]);
  }));

Deno.test("Queue.revision, isPaused and limits are those of all processes", () =>
  withCatalog(({ queue }, _clock, path) => {
    using other = openCatalog(path);
    assertEquals([queue.revision, queue.isPaused], [0, false]);
    assertEquals(queue.limits, { bytesPerSecond: null, connections: null });
    other.queue.add(request("a"));
    other.queue.isPaused = true;
    other.queue.limits = { bytesPerSecond: 1000, connections: 2 };
    assertEquals([queue.revision, queue.isPaused, queue.claim(7)], [3, true, null]);
    assertEquals(queue.limits, { bytesPerSecond: 1000, connections: 2 });
    queue.isPaused = false;
    assertEquals([other.queue.isPaused, other.queue.claim(8)?.title], [false, "a"]);
    // Reading and what changes nothing are no changes.
    const { revision } = queue;
    queue.release(99);
    queue.list({ holderPid: null });
    assertEquals(queue.revision, revision);
  }));

Deno.test("Queue of a catalog that is only read can be listed, and says that it cannot be changed", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    {
      using catalog = openCatalog(path);
      catalog.queue.add(request("a"));
    }
    using catalog = openCatalog(path, { readOnly: true });
    assertEquals(titles(catalog), ["a waiting"]);
    assertEquals(assertThrows(() => catalog.queue.add(request("b")), KitError, "Cannot write catalog").code, "unsafe");
  }));

Deno.test("Queue.list() gives what runs, a part of what waits, and what ended last", () =>
  withCatalog(({ queue }) => {
    for (const title of ["a", "b", "c", "d", "e", "f"]) queue.add(request(title));
    queue.end(queue.claim(7)!.id, DONE);
    queue.claim(7);
    queue.pause(4);
    const listed = (options: Partial<ListQueueOptions>): string =>
      queue.list({ holderPid: 7, ...options }).map(({ title, state }) => `${title} ${state}`).join();
    assertEquals(listed({ openCount: 2 }), "b running,c waiting,d paused,a done");
    assertEquals(listed({ from: 2, openCount: 2 }), "b running,e waiting,f waiting,a done");
    assertEquals(listed({ openCount: 0, endedCount: 0 }), "b running");
    assertEquals(queue.countOpen({ holderPid: 7 }), 4);
    // The process that ran it is gone.
    assertEquals(listed({ holderPid: null, from: 1, openCount: 1 }), "c waiting,a done");
    assertEquals(queue.countOpen({ holderPid: null }), 5);
  }));

Deno.test("Queue with ten thousand entries lists, claims and ends in an instant", () =>
  withCatalog((catalog) => {
    const { queue } = catalog;
    catalog.transaction(() => {
      for (let index = 0; index < 10_000; index++) queue.add(request(`user${index}`));
    });
    const started = performance.now();
    const entries = queue.list({ holderPid: null });
    for (let index = 0; index < 100; index++) queue.end(queue.claim(7)!.id, DONE);
    assertEquals(entries.length, 10_000);
    assertEquals(queue.countWaiting({ holderPid: null }), 9900);
    // It takes some tens of milliseconds; a scan for each entry would take seconds.
    assert(performance.now() - started < 2000);
  }));
