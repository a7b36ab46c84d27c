import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ActiveSnapshot, type DownloadEvent } from "../../../lib/downloader/mod.ts";
import type { ActiveRun } from "../../../lib/library/mod.ts";
import { readActive } from "../../../lib/monitor/mod.ts";
import { EventClock } from "../../helpers/event_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { plannedFile } from "../../helpers/library/kept_library.ts";

const item = (number: number) => plannedFile(number);
const start = (number: number, totalBytes: number, resumedBytes = 0): DownloadEvent => ({
  type: "start",
  item: item(number),
  host: number === 1 ? "a.example" : null,
  totalBytes,
  resumedBytes,
});
const bytes = (number: number, count: number): DownloadEvent => ({ type: "bytes", key: item(number).key, count });
const end = (number: number): DownloadEvent => ({
  type: "end",
  item: item(number),
  host: null,
  outcome: "done",
  bytes: 0,
  durationMs: 1,
  failure: null,
  message: null,
});

const NOTHING_YET: ActiveRun = {
  activity: "listing",
  target: null,
  listedModels: 0,
  files: 0,
  bytes: 0,
  doneFiles: 0,
  doneBytes: 0,
  failedFiles: 0,
};

Deno.test("ActiveSnapshot reports the progress of the run, and why and until when a file waits", () =>
  inTempDir(async (root) => {
    const folder = join(root, "active");
    const clock = new EventClock();
    const read = async () => {
      await clock.run(1000);
      return (await readActive(folder, { now: clock.now() }))[0]!;
    };
    await using snapshot = new ActiveSnapshot(folder, { pid: 1, clock });
    snapshot.record({ type: "target", target: "user:4712" });
    for (const [target, models] of [["a", 100], ["a", 150], ["b", 20]] as const) {
      snapshot.record({ type: "page", target, models, files: 5 });
    }
    assertEquals((await read()).run, { ...NOTHING_YET, target: "user:4712", listedModels: 170 });
    snapshot.record({ type: "plan", files: 3, bytes: 30_000 });
    snapshot.record(start(1, 10_000));
    snapshot.record(bytes(1, 4000));
    const fetching = {
      ...NOTHING_YET,
      activity: "fetching",
      listedModels: 170,
      files: 3,
      bytes: 30_000,
    } satisfies ActiveRun;
    assertEquals((await read()).run, { ...fetching, doneBytes: 4000 });
    snapshot.record({
      type: "retry",
      item: item(1),
      host: "a.example",
      attempt: 1,
      waitMs: 12_000,
      failure: "timeout",
    });
    const until = new Date(clock.now() + 12_000).toISOString();
    assertEquals((await read()).downloads[0]!.waiting, { reason: "timeout", ja: { reason: "タイムアウト" }, until });
    snapshot.record(bytes(1, 6000));
    assertEquals((await read()).downloads[0]!.waiting, null);
    snapshot.record({ ...end(1), bytes: 10_000 } as DownloadEvent);
    snapshot.record({ ...end(2), outcome: "failed" } as DownloadEvent);
    assertEquals((await read()).run, { ...fetching, doneFiles: 1, doneBytes: 10_000, failedFiles: 1 });
    // The next pass retries it.
    snapshot.record({ type: "pass", number: 2, remaining: 1, leftOut: 0 });
    assertEquals((await read()).run!.failedFiles, 0);
  }));

Deno.test("ActiveSnapshot counts all files that are left as waiting, and none while the listing waits", () =>
  inTempDir(async (root) => {
    const folder = join(root, "state", "active");
    const clock = new EventClock();
    let files = 2;
    const silence = () => ({ ms: 40_000, since: clock.now(), hosts: ["a.example"], files });
    await using snapshot = new ActiveSnapshot(folder, { pid: 4711, clock, silence });
    const readFiles = async () => {
      await clock.run(1000);
      return (await readActive(folder, { now: clock.now() }))[0]?.silence?.files;
    };
    snapshot.record({ type: "plan", files: 9, bytes: 90 });
    assertEquals(await readFiles(), 9);
    files = 0;
    assertEquals(await readFiles(), 0);
  }));

Deno.test("ActiveSnapshot reports active files and their speed", () =>
  inTempDir(async (root) => {
    const folder = join(root, "state", "active");
    const clock = new EventClock();
    const read = () => readActive(folder, { now: clock.now() });
    {
      const silence = { ms: 1499.6, since: clock.now(), hosts: ["b2.example"], files: 4 };
      await using snapshot = new ActiveSnapshot(folder, { pid: 4711, clock, silence: () => silence });
      assertEquals(await read(), [{
        pid: 4711,
        bytesPerSecond: 0,
        silence: { ...silence, ms: 1500, since: new Date(silence.since).toISOString() },
        downloads: [],
        hosts: [],
        run: NOTHING_YET,
      }]);
      snapshot.record(start(1, 10_000, 2000));
      snapshot.record(start(2, 0));
      for (let second = 0; second < 4; second++) {
        snapshot.record(bytes(1, 1000));
        snapshot.record({ type: "connections", item: item(1), count: 3, reason: "r" });
        await clock.run(1000);
      }
      const [process] = await read();
      assertEquals(process?.bytesPerSecond, 1000);
      assertEquals(process?.downloads, [
        {
          path: item(1).path,
          host: "a.example",
          bytes: 6000,
          totalBytes: 10_000,
          bytesPerSecond: 1000,
          connections: 3,
          waiting: null,
        },
        {
          path: item(2).path,
          host: null,
          bytes: 0,
          totalBytes: null,
          bytesPerSecond: 0,
          connections: 1,
          waiting: null,
        },
      ]);
      snapshot.record({ type: "restart", item: item(1), reason: "r", lostBytes: 5000 });
      snapshot.record(end(2));
      // Many small files that are all gone when the snapshot is written.
      for (let number = 10; number < 20; number++) {
        for (const event of [start(number, 400), bytes(number, 400), end(number)]) snapshot.record(event);
      }
      await clock.run(1000);
      const [later] = await read();
      assertEquals(later?.downloads.map((file) => file.bytes), [1000]);
      assertEquals(later?.bytesPerSecond, 1600);
      // Nothing arrives any more.
      await clock.run(7000);
      assertEquals((await read())[0]?.bytesPerSecond, 0);
    }
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    assertEquals(clock.sleeping, 0);
  }));

Deno.test("ActiveSnapshot removes old files of killed processes", () =>
  inTempDir(async (folder) => {
    const clock = new EventClock(Date.now());
    for (const [name, ageMs] of [["1.json", 7_200_000], ["2.json", 60_000]] as const) {
      await Deno.writeTextFile(join(folder, name), "{}");
      await Deno.utime(join(folder, name), new Date(), new Date(Date.now() - ageMs));
    }
    await using _snapshot = new ActiveSnapshot(folder, { pid: 3, clock });
    const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
    assertEquals(names.toSorted(), ["2.json", "3.json"]);
  }));

Deno.test("ActiveSnapshot warns once if it cannot write, and fails no download", () =>
  inTempDir(async (root) => {
    const folder = join(root, "active");
    await Deno.writeTextFile(folder, "no folder");
    const warnings: string[] = [];
    const clock = new EventClock();
    {
      await using snapshot = new ActiveSnapshot(folder, { clock, onWarning: (message) => warnings.push(message) });
      snapshot.record(start(1, 10));
      await clock.run(5000);
    }
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, "Cannot write");
  }));
