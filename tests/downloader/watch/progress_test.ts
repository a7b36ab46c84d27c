import { assertEquals, assertStringIncludes } from "@std/assert";
import { type DownloadEvent, type ItemOutcome, Progress } from "../../../lib/downloader/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { plannedFile } from "../../helpers/library/kept_library.ts";

const MIB = 1 << 20;
const item = plannedFile(1);

function end(outcome: ItemOutcome, id = 1): DownloadEvent & { readonly type: "end" } {
  return {
    type: "end",
    item: plannedFile(id),
    host: null,
    outcome,
    bytes: 0,
    durationMs: 1,
    failure: null,
    message: null,
  };
}

function after(...events: readonly DownloadEvent[]): Progress {
  const progress = new Progress({ clock: new FakeClock() });
  for (const event of events) progress.record(event);
  return progress;
}

Deno.test("Progress counts models during a listing", () => {
  assertEquals(after().summary(), "Listing: 0 models");
  assertEquals(after({ type: "page", target: "x", models: 1, files: 2 }).summary(), "Listing: 1 model");
  assertEquals(after({ type: "page", target: "x", models: 42, files: 9 }).summary(), "Listing: 42 models");
});

Deno.test("Progress shows files, bytes, speed and remaining time", () => {
  const clock = new FakeClock();
  const progress = new Progress({ clock });
  progress.record({ type: "plan", files: 10, bytes: 100 * MIB });
  progress.record({ type: "start", item, host: null, totalBytes: 20 * MIB, resumedBytes: 5 * MIB });
  for (let second = 0; second <= 2; second++) {
    progress.record({ type: "bytes", key: item.key, count: 5 * MIB });
    clock.advance(1000);
  }
  assertEquals(progress.summary(), "0/10 files, 15.0 MiB, 5.0 MiB/s, 16s left");
  assertEquals(progress.fraction(), 0.2);
  assertEquals(progress.current(), [{ path: item.path, totalBytes: 20 * MIB, fraction: 1 }]);
  progress.record(end("done"));
  assertEquals([progress.current(), progress.summary().slice(0, 10)], [[], "1/10 files"]);
});

/** A run that fetched one of two files and receives the other slowly, after the given events. */
function halfway(...events: readonly DownloadEvent[]): Progress {
  const clock = new FakeClock();
  const progress = new Progress({ clock });
  progress.record({ type: "plan", files: 3, bytes: 30 * MIB });
  for (let second = 0; second < 5; second++) {
    progress.record({ type: "bytes", key: item.key, count: MIB });
    clock.advance(1000);
  }
  for (const event of events) progress.record(event);
  return progress;
}

Deno.test("Progress no longer counts the bytes of a file that is not available", () => {
  assertEquals(halfway().summary(), "0/3 files, 5.0 MiB, 1.0 MiB/s, 25s left");
  const refused = halfway({ ...end("removed", 2), sizeBytes: 10 * MIB });
  assertEquals([refused.summary(), refused.fraction()], ["1/3 files, 5.0 MiB, 1.0 MiB/s, 15s left", 0.25]);
  const failed = halfway({ ...end("failed", 2), sizeBytes: 10 * MIB });
  assertEquals(failed.summary(), "0/3 files, 1 failed, 5.0 MiB, 1.0 MiB/s, 25s left");
});

Deno.test("Progress counts what need not arrive, and what arrives again", () => {
  const there = halfway({ ...end("already there", 2), bytes: 10 * MIB, sizeBytes: 10 * MIB });
  assertEquals([there.summary(), there.fraction()], ["1/3 files, 5.0 MiB, 1.0 MiB/s, 15s left", 0.5]);
  const sizes = { totalBytes: 10 * MIB, resumedBytes: 5 * MIB };
  const resumed = halfway({ type: "start", item: plannedFile(2), host: null, ...sizes });
  assertEquals(resumed.summary(), "0/3 files, 5.0 MiB, 1.0 MiB/s, 20s left");
  const restarted = halfway({ type: "restart", item, reason: "r", lostBytes: 5 * MIB });
  assertEquals(restarted.summary(), "0/3 files, 5.0 MiB, 1.0 MiB/s, 30s left");
});

Deno.test("Progress drops old speeds", () => {
  const clock = new FakeClock();
  const progress = new Progress({ clock });
  progress.record({ type: "plan", files: 1, bytes: 0 });
  for (let second = 0; second < 30; second++) {
    progress.record({ type: "bytes", key: "k", count: second < 20 ? 100 * MIB : MIB });
    clock.advance(1000);
  }
  assertEquals(progress.summary(), "0/1 files, 1.96 GiB, 1.0 MiB/s");
});

/** A run that fetched for ten seconds and then received nothing. */
function silentFor(ms: number, ...events: readonly DownloadEvent[]): Progress {
  const clock = new FakeClock();
  const progress = new Progress({ clock });
  progress.record({ type: "plan", files: 2, bytes: 100 * MIB });
  for (let second = 0; second < 10; second++) {
    progress.record({ type: "bytes", key: item.key, count: MIB });
    clock.advance(1000);
  }
  for (const event of events) progress.record(event);
  clock.advance(ms);
  return progress;
}

Deno.test("Progress shows current speed and remaining time, and none when nothing arrives", () => {
  assertEquals(silentFor(0).summary(), "0/2 files, 10.0 MiB, 1.0 MiB/s, 1m 30s left");
  assertEquals(silentFor(2000).summary(), "0/2 files, 10.0 MiB, 614.4 KiB/s, 2m 30s left");
  assertEquals(silentFor(120_000).summary(), "0/2 files, 10.0 MiB, no data for 2m 1s");
});

Deno.test("Progress shows waits with their durations, the shortest first", () => {
  const host: DownloadEvent = {
    type: "wait",
    host: "b2.example",
    waitMs: 90_000,
    reason: "is down",
    failure: "server",
  };
  const retry: DownloadEvent = { type: "retry", item, host: null, attempt: 3, waitMs: 20_000, failure: "stall" };
  const left = silentFor(6000, host).summary();
  assertEquals(left, '0/2 files, 10.0 MiB, waiting 1m 24s: "b2.example" is down');
  assertStringIncludes(silentFor(6000, host, retry).summary(), `waiting 14s: stall, to fetch "${item.path}" again`);
  assertStringIncludes(silentFor(60_000, host, retry).summary(), "waiting 30s:");
  assertStringIncludes(silentFor(6000, retry, end("failed")).summary(), "no data for 7s");
});

Deno.test("Progress shows waits during a listing", () => {
  const wait: DownloadEvent = { type: "api-retry", what: "list models", attempt: 1, waitMs: 8000, failure: "server" };
  assertEquals(after(wait).summary(), "Listing: 0 models, waiting 8s: server, to list models again");
  const other: DownloadEvent = { ...wait, what: "read version 7", waitMs: 60_000 };
  assertEquals(after(wait, other).summary(), "Listing: 0 models, waiting 8s: server, to list models again");
});

Deno.test("Progress shows failures and their retries", () => {
  const plan: DownloadEvent = { type: "plan", files: 3, bytes: 0 };
  assertEquals(after(plan, end("failed"), end("removed", 2)).summary(), "1/3 files, 1 failed, 0 B, 0 B/s");
  const retry: DownloadEvent = { type: "retry", item, host: null, attempt: 1, waitMs: 1, failure: "dns" };
  assertEquals(after(plan, end("failed"), retry).summary(), "0/3 files, 1 failed (retrying), 0 B, 0 B/s");
  assertEquals(
    after(plan, end("failed"), { type: "pass", number: 2, remaining: 1, leftOut: 0 }).summary(),
    "0/3 files, 0 B, 0 B/s",
  );
});

Deno.test("Progress counts a corrupt file as failed, even while later passes retry others", () => {
  const plan: DownloadEvent = { type: "plan", files: 3, bytes: 0 };
  const pass: DownloadEvent = { type: "pass", number: 2, remaining: 1, leftOut: 0 };
  assertEquals(after(plan, end("corrupted")).summary(), "0/3 files, 1 failed, 0 B, 0 B/s");
  const progress = after(plan, end("corrupted"), end("failed", 2), pass, end("done", 2));
  assertEquals(progress.summary(), "1/3 files, 1 failed (retrying), 0 B, 0 B/s");
});

Deno.test("Progress counts files if no size is known", () => {
  assertEquals(after().fraction(), 0);
  assertEquals(after({ type: "plan", files: 4, bytes: 0 }, end("done")).fraction(), 0.25);
  assertEquals(after({ type: "start", item, host: null, totalBytes: 0, resumedBytes: 0 }).current()[0]?.fraction, 0);
});

Deno.test("Progress never exceeds 100 %", () => {
  const progress = after({ type: "plan", files: 1, bytes: 10 }, { type: "bytes", key: "k", count: 99 });
  assertEquals(progress.fraction(), 1);
});

Deno.test("Progress.snapshot() has the numbers of the line", () => {
  const clock = new FakeClock();
  const progress = new Progress({ clock });
  progress.record({ type: "page", target: "x", models: 3, files: 2 });
  assertEquals([progress.snapshot().activity, progress.snapshot().listedModels], ["listing", 3]);
  progress.record({ type: "plan", files: 10, bytes: 100 * MIB });
  progress.record({ type: "start", item, host: null, totalBytes: 20 * MIB, resumedBytes: 5 * MIB });
  for (let second = 0; second <= 2; second++) {
    progress.record({ type: "bytes", key: item.key, count: 5 * MIB });
    clock.advance(1000);
  }
  const { activity, files, doneBytes, bytesPerSecond, secondsLeft, current } = progress.snapshot();
  assertEquals([activity, files, doneBytes], ["fetching", 10, 20 * MIB]);
  assertEquals(secondsLeft, Math.ceil(80 * MIB / bytesPerSecond));
  assertEquals(current, [{ path: item.path, bytes: 20 * MIB, doneBytes: 20 * MIB }]);
});
