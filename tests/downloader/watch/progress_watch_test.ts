import { assertEquals } from "@std/assert";
import { type DownloadEvent, type EventItem, ProgressWatch } from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const item: EventItem = {
  key: "a",
  kind: "file",
  path: "a",
  creator: null,
  modelId: 1,
  versionId: 1,
  fileId: 1,
};
const retryOf = (failure: string, waitMs: number): DownloadEvent => {
  return { type: "retry", item, host: "h", attempt: 1, waitMs, failure };
};

/** A watch whose time passes second by second. */
function start() {
  const clock = new FakeClock();
  const watch = new ProgressWatch({ clock });
  const pass = (seconds: number): number => {
    let silentMs = watch.silentMs;
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      silentMs = watch.silentMs;
    }
    return silentMs / 1000;
  };
  return { clock, watch, pass };
}

Deno.test("ProgressWatch counts from the begin of a file, before any response, until a byte arrives", () => {
  const { watch, pass } = start();
  assertEquals(pass(60), 0);
  const file = watch.begin("a", { host: () => "h" });
  assertEquals(pass(31), 31);
  watch.record({ type: "start", item, host: "h", totalBytes: 1000, resumedBytes: 0 });
  assertEquals(pass(1), 32);
  watch.record({ type: "bytes", key: "a", count: 0 });
  assertEquals(pass(1), 33);
  watch.record({ type: "bytes", key: "a", count: 10 });
  assertEquals([watch.silentMs, pass(5)], [0, 5]);
  file[Symbol.dispose]();
  assertEquals(pass(60), 0);
});

Deno.test("ProgressWatch shows a listing that waits for the API, which is no silence of downloads", () => {
  const { clock, watch, pass } = start();
  {
    using _listing = watch.beginListing("api");
    const second = (): void => {
      clock.advance(1000);
      watch.record({ type: "api-retry", what: "list", attempt: 1, waitMs: 0, failure: "timeout" });
      void watch.silence;
    };
    for (let count = 0; count < 31; count++) second();
    const { ms, hosts, files } = watch.silence!;
    assertEquals({ ms, hosts, files }, { ms: 31_000, hosts: ["api"], files: 0 });
    assertEquals([watch.silentMs, watch.outageMs, watch.lastOutageMs], [0, 0, 0]);
    watch.recordAnswer();
    assertEquals(watch.silence, null);
    watch.record({ type: "api-retry", what: "list", attempt: 1, waitMs: 5000, failure: "throttled" });
    for (let count = 0; count < 7; count++) second();
    assertEquals(watch.silence?.ms, 2000);
  }
  assertEquals(watch.silence, null);
  assertEquals(pass(60), 0);
});

Deno.test("ProgressWatch goes on counting from one file and attempt to the next", () => {
  const { watch, pass } = start();
  const first = watch.begin("a", { host: () => "h" });
  pass(20);
  watch.record(retryOf("timeout", 5000));
  pass(5);
  first[Symbol.dispose]();
  using _next = watch.begin("b", { host: () => "h" });
  assertEquals(pass(5), 30);
});

Deno.test("ProgressWatch does not count while everything that a file needs has arrived", () => {
  const { watch, pass } = start();
  using _file = watch.begin("a", { host: () => "h" });
  watch.record({ type: "start", item, host: "h", totalBytes: 1000, resumedBytes: 400 });
  watch.record({ type: "bytes", key: "a", count: 600 });
  assertEquals(pass(300), 0);
  // Its content was wrong: it is fetched again.
  watch.record({ type: "restart", item, reason: "r", lostBytes: 1000 });
  assertEquals(pass(30), 30);
});

Deno.test("ProgressWatch does not count a wait that the server or a person asked for", () => {
  const { watch, pass } = start();
  using _file = watch.begin("a", { host: () => "h" });
  pass(10);
  watch.record(retryOf("throttled", 120_000));
  assertEquals(pass(120), 10);
  assertEquals(pass(10), 20);
  const wait = { type: "wait", host: "h", waitMs: 60_000, reason: "was opened manually", failure: "tripped" } as const;
  watch.record(wait);
  assertEquals(pass(60), 20);
  watch.record({ ...wait, reason: "does not answer in time", failure: "timeout" });
  assertEquals(pass(10), 30);
  watch.record({ type: "api-retry", what: "list models", attempt: 1, waitMs: 5000, failure: "throttled" });
  assertEquals(pass(6), 31);
});

Deno.test("ProgressWatch counts ten seconds of a time in which the process did not run", () => {
  const { clock, watch, pass } = start();
  using _file = watch.begin("a", { host: () => "h" });
  pass(3);
  clock.advance(8 * 3_600_000);
  assertEquals(watch.silentMs, 13_000);
});

Deno.test("ProgressWatch names the hosts that files wait for, since when, however often they change", () => {
  const { clock, watch, pass } = start();
  assertEquals(watch.silence, null);
  let host = "api.example";
  using _first = watch.begin("a", { host: () => host });
  const since = clock.now();
  pass(20);
  assertEquals(watch.silence, { ms: 20_000, since, hosts: ["api.example"], files: 1 });
  // It has its link now, and another file begins.
  host = "storage.example";
  const second = watch.begin("b", { host: () => "images.example" });
  using _third = watch.begin("c", { host: () => host });
  pass(10);
  const hosts = ["storage.example", "images.example"];
  assertEquals(watch.silence, { ms: 30_000, since, hosts, files: 3 });
  // One gives up after minutes, and the next one takes its place.
  second[Symbol.dispose]();
  using _next = watch.begin("d", { host: () => host });
  pass(600);
  assertEquals(watch.silence, { ms: 630_000, since, hosts: ["storage.example"], files: 3 });
  watch.record({ type: "bytes", key: "a", count: 10 });
  assertEquals(watch.silence, null);
  pass(2);
  assertEquals(watch.silence?.since, clock.now() - 2000);
});

Deno.test("ProgressWatch counts an outage on from the run before, until the first byte", () => {
  const clock = new FakeClock();
  const watch = new ProgressWatch({ clock, silentBeforeMs: 300_000 });
  assertEquals([watch.silentMs, watch.outageMs], [0, 300_000]);
  {
    using _file = watch.begin("a", { host: () => "storage.example" });
    clock.advance(5000);
    assertEquals([watch.silentMs, watch.outageMs], [5000, 305_000]);
  }
  // The file has failed, and nothing waits any more.
  assertEquals([watch.silentMs, watch.outageMs, watch.lastOutageMs], [0, 300_000, 305_000]);
  using _file = watch.begin("a", { host: () => "storage.example" });
  watch.record({ type: "bytes", key: "a", count: 1 });
  clock.advance(2000);
  assertEquals([watch.silentMs, watch.outageMs, watch.lastOutageMs], [2000, 2000, 2000]);
});
