import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS } from "../../lib/downloader/mod.ts";
import { StatusReader, type StatusReport, watchStatus } from "../../lib/monitor/mod.ts";
import { EventClock } from "../helpers/event_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

/** A reader that counts what it is asked for; `status` may fail. */
function countReads(read: () => StatusReport) {
  const reads: string[] = [];
  let isReading = false;
  const look = (name: string) => async (): Promise<StatusReport> => {
    if (isReading) throw new Error("two reads at once");
    isReading = true;
    reads.push(name);
    await Promise.resolve();
    isReading = false;
    return read();
  };
  const reader = {
    read: look("read"),
    readLive: look("readLive"),
    gone: null,
    metrics: { report: undefined, alerts: { undelivered: [] } },
  };
  return { reader: reader as unknown as StatusReader, reads };
}

const REPORT = { time: "2026-01-01T00:00:00.000Z" } as StatusReport;

Deno.test("watchStatus() reads everything at each tick, and every second what changes while somebody looks", async () => {
  const clock = new EventClock();
  const { reader, reads } = countReads(() => REPORT);
  let isPresent = false;
  let changes = 0;
  const audience = { isPresent: () => isPresent, onChange: () => void changes++ };
  await using watched = watchStatus(reader, { audience, tickMs: 10_000, onWarning: () => {}, clock });
  await clock.run(9500);
  assertEquals([reads, changes], [["read"], 1]);
  isPresent = true;
  await clock.run(3000);
  assertEquals(reads.toSorted(), ["read", "read", "readLive", "readLive", "readLive"]);
  assertEquals([changes, watched.sources.health()], [5, { isHealthy: true, reason: null }]);
});

Deno.test("watchStatus() reads again for who asks while nobody looks, and once for all who ask at once", async () => {
  const clock = new EventClock();
  const { reader, reads } = countReads(() => REPORT);
  const audience = { isPresent: () => false, onChange: () => {} };
  await using watched = watchStatus(reader, { audience, tickMs: 10_000, onWarning: () => {}, clock });
  await clock.run(100);
  const { status } = watched.sources;
  assertEquals([await status(), await status()], [REPORT, REPORT]);
  assertEquals(reads, ["read"]);
  clock.advance(5000);
  await Promise.all([status(), status(), status()]);
  assertEquals(reads, ["read", "readLive"]);
});

Deno.test("watchStatus() warns of a status that cannot be read, is not healthy then, and goes on", async () => {
  const clock = new EventClock();
  let isBroken = true;
  const { reader } = countReads(() => {
    if (isBroken) throw new Error("the disk is gone");
    return REPORT;
  });
  const warnings: string[] = [];
  const audience = { isPresent: () => true, onChange: () => {} };
  await using watched = watchStatus(reader, {
    audience,
    tickMs: 10_000,
    onWarning: (message) => warnings.push(message),
    clock,
  });
  await clock.run(100);
  assertEquals(new Set(warnings), new Set(["Cannot read the status: the disk is gone"]));
  assertEquals(watched.sources.health(), { isHealthy: false, reason: "the disk is gone" });
  isBroken = false;
  await clock.run(1000);
  assertEquals(watched.sources.health(), { isHealthy: true, reason: null });
});

Deno.test("watchStatus() has the metrics of the journal, without a library", () =>
  inTempDir(async (folder) => {
    using reader = new StatusReader({
      library: join(folder, "library"),
      logs: join(folder, "logs"),
      known: undefined,
      table: { definitions: DOWNLOAD_METRICS, derived: DOWNLOAD_DERIVED },
      readTotals: () => Promise.reject(new Error("There is no catalog")),
      readLimits: () => Promise.resolve({ rate: null, quota: null }),
      findKey: () => Promise.resolve({ source: null, problem: null }),
      nameCommands: (text) => text,
      onWarning: () => {},
      signal: new AbortController().signal,
      tickMs: 30_000,
    });
    const audience = { isPresent: () => false, onChange: () => {} };
    await using watched = watchStatus(reader, { audience, tickMs: 30_000, onWarning: () => {} });
    const { throughput } = await watched.sources.status();
    assertEquals(throughput.tickMs, 30_000);
    assertMatch(await watched.sources.metricsText(), /^civitai_dl_undelivered_notifications 0$/m);
  }));
