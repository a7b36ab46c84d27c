import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { walk } from "@std/fs";
import { dirname } from "node:path";
import {
  DayQuota,
  DayQuotaError,
  type Library,
  openDayQuota,
  parseDayLimits,
  quotaFile,
} from "../../../lib/downloader/mod.ts";
import { fetchItem } from "../../../lib/downloader/fetch/fetch_item.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { PROFILES } from "../../../lib/transfer/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { type Bench, NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";
import { put, withLibrary } from "../../helpers/library/kept_library.ts";

const LINK = { url: "https://civitai.com/api/download/models/1?fileId=2", status: 307 };
const DAY_MS = 86_400_000;
const NOWHERE = quotaFile("/dev/null");

function quotaOf(text: string, clock = new FakeClock()): DayQuota {
  return new DayQuota(NOWHERE, { limits: parseDayLimits(text), clock });
}

/** The bench's client, reporting to the quota like that of a session. */
function countingClient({ client }: Bench, quota: DayQuota): Bench["client"] {
  return {
    ...client,
    resolveDownload(...args: Parameters<Bench["client"]["resolveDownload"]>) {
      quota.countRequest(LINK);
      return client.resolveDownload(...args);
    },
  };
}

function need(key: string, links: number, bytes: number): Parameters<DayQuota["reserve"]>[0] {
  return { key, path: `${key}.bin`, links, bytes };
}

function pathOf({ root }: Pick<Library, "root">): string {
  return quotaFile(root).path;
}

Deno.test("DayQuota.reserve() stops before the first link over the limit, and reports when it continues", async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 1, 12, 3));
  await using quota = quotaOf("2", clock);
  quota.countRequest(LINK);
  {
    using _claim = quota.reserve(need("a", 1, 0));
    quota.countRequest(LINK);
  }
  using _unlinked = quota.reserve(need("c", 0, 5));
  const error = assertThrows(() => quota.reserve(need("b", 1, 0)), DayQuotaError);
  assertStringIncludes(error.message, 'Stopped before "b.bin": 2 of 2 download links of --quota are used; next at ');
  assertMatch(error.message, /next at 2026-01-0[23] \d\d:\d\d$/);
  assertStringIncludes(error.hint!, "or with a higher --quota now");
  assertEquals([error.code, error.exitCode, error.failure], ["inconclusive", 3, "quota"]);
  assertEquals(error.until, "2026-01-02T12:05:00.000Z");
  clock.advance(DAY_MS + 2 * 60_000);
  quota.reserve(need("b", 1, 0))[Symbol.dispose]();
});

Deno.test("DayQuota.reserve() stops before bytes over the limit", async () => {
  await using quota = quotaOf("1000K");
  quota.countBytes({ type: "bytes", key: "x", count: 600 * 1024 });
  const error = assertThrows(() => quota.reserve(need("a", 1, 401 * 1024)), DayQuotaError);
  assertStringIncludes(error.message, "600.0 KiB of 1000.0 KiB");
  quota.reserve(need("a", 1, 400 * 1024))[Symbol.dispose]();
});

Deno.test("DayQuota.reserve() counts the reservations of active files, and no byte twice", async () => {
  await using quota = quotaOf("2, 1000K");
  const first = quota.reserve(need("a", 1, 600 * 1024));
  assertThrows(() => quota.reserve(need("b", 1, 500 * 1024)), DayQuotaError);
  quota.countBytes({ type: "bytes", key: "a", count: 600 * 1024 });
  quota.reserve(need("b", 1, 400 * 1024))[Symbol.dispose]();
  using _claim = quota.reserve(need("b", 1, 300 * 1024));
  assertThrows(() => quota.reserve(need("c", 1, 1)), DayQuotaError);
  first[Symbol.dispose]();
  quota.reserve(need("c", 1, 1))[Symbol.dispose]();
});

Deno.test("DayQuota.reserve() refuses a file larger than the limit as that file's failure", () => {
  const error = assertThrows(
    () => quotaOf("1K").reserve(need("a", 1, 1025)),
    FailureError,
    "exceeds the daily limit of --quota",
  );
  assertEquals([error.failure, error instanceof DayQuotaError], ["rejected", false]);
});

Deno.test("DayQuota.reserveLink() reserves one link per item, and a second one only within the limit", async () => {
  await using quota = quotaOf("1");
  using _claim = quota.reserve(need("a", 1, 0));
  {
    using _link = quota.reserveLink({ key: "a", path: "a.bin" });
    quota.countRequest(LINK);
  }
  assertThrows(() => quota.reserveLink({ key: "a", path: "a.bin" }), DayQuotaError);
});

Deno.test("DayQuota counts a pending request once, before and after its response", async () => {
  await using quota = quotaOf("2");
  using _first = quota.reserve(need("a", 1, 0));
  using _asking = quota.reserveLink({ key: "a", path: "a.bin" });
  const second = quota.reserve(need("b", 1, 0));
  quota.countRequest(LINK);
  assertThrows(() => quota.reserve(need("c", 1, 0)), DayQuotaError);
  second[Symbol.dispose]();
  quota.reserve(need("c", 1, 0))[Symbol.dispose]();
});

Deno.test("DayQuota returns the reservation of a request without a response", async () => {
  await using quota = quotaOf("1");
  using _claim = quota.reserve(need("a", 1, 0));
  quota.reserveLink({ key: "a", path: "a.bin" })[Symbol.dispose]();
  quota.reserve(need("b", 1, 0))[Symbol.dispose]();
});

Deno.test("DayQuota without limits counts and never stops", async () => {
  await using quota = new DayQuota(NOWHERE, { clock: new FakeClock() });
  for (let i = 0; i < 5000; i++) quota.countRequest(LINK);
  quota.reserve(need("a", 1, 1e15))[Symbol.dispose]();
  assertEquals(quota.used, { links: 5000, bytes: 0 });
});

Deno.test("DayQuota.countRequest() counts only responses of the download route", async () => {
  await using quota = quotaOf("5");
  quota.countRequest({ ...LINK, status: 500 });
  quota.countRequest({ ...LINK, status: null });
  quota.countRequest({ url: "https://civitai.com/api/v1/models?query=api", status: 200 });
  assertEquals(quota.used.links, 1);
});

Deno.test("DayQuota reports once that its counts cannot be written, and does not fail", async () => {
  const warnings: string[] = [];
  const quota = new DayQuota(NOWHERE, { onWarning: (message) => warnings.push(message) });
  quota.countRequest(LINK);
  quota.countRequest(LINK);
  await quota[Symbol.asyncDispose]();
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "Cannot write");
});

Deno.test("openDayQuota() continues with the counts of earlier runs", () =>
  withLibrary(async (library) => {
    const clock = new FakeClock();
    const options = { clock, onWarning: (message: string) => assert(false, message) };
    {
      await using quota = await openDayQuota(library, options);
      quota.countRequest(LINK);
      quota.countBytes({ type: "bytes", key: "a", count: 7 });
    }
    assertEquals(JSON.parse(await Deno.readTextFile(pathOf(library))), {
      schema: "civitai-dl/quota",
      version: 1,
      limits: { links: null, bytes: null },
      buckets: [{ at: "2026-01-01T00:00:00.000Z", links: 1, bytes: 7 }],
    });
    await using again = await openDayQuota(library, { ...options, limits: { links: 1, bytes: null } });
    assertThrows(() => again.reserve(need("a", 1, 0)), DayQuotaError);
  }));

Deno.test("openDayQuota() moves an unreadable file aside and reports it", () =>
  withLibrary(async (library) => {
    await Deno.mkdir(dirname(pathOf(library)), { recursive: true });
    await Deno.writeTextFile(pathOf(library), '{"version":1,"buck');
    const warnings: string[] = [];
    await using quota = await openDayQuota(library, { onWarning: (message) => warnings.push(message) });
    assertEquals([quota.used.links, warnings.length], [0, 1]);
    assertStringIncludes(warnings[0]!, `moved to "${pathOf(library)}.corrupt"`);
  }));

Deno.test("download() stops before the file over the link limit of --quota, and continues a day later", () =>
  withBench({}, async (bench) => {
    const { clock, library, sandbox } = bench;
    await using quota = await openDayQuota(library, { clock, limits: { links: 2, bytes: null }, onWarning() {} });
    const client = countingClient(bench, quota);
    const first = await bench.download({ quota, client });
    assertEquals([first.run!.outcomes, first.run!.stopped?.code], [{ done: 2 }, "inconclusive"]);
    assertEquals(sandbox.log.downloadHits, 2);
    assertEquals(library.catalog.totals({ states: ["planned"] }).count, 1);
    clock.advance(DAY_MS + 5 * 60_000);
    const second = await bench.download({ quota, client });
    assertEquals([second.plan.resumes, second.run!.outcomes, second.run!.stopped], [true, { done: 1 }, null]);
  }));

Deno.test("download() stops before the file over the byte limit of --quota", () =>
  withBench({ fileSizes: [3000, 3000, 3000], fileBytes: { min: 3000, max: 3000 } }, async (bench) => {
    const { clock, library } = bench;
    await using quota = await openDayQuota(library, { clock, limits: { links: null, bytes: 7000 }, onWarning() {} });
    const { run } = await bench.download({ quota, choice: NO_IMAGES, onEvent: (event) => quota.countBytes(event) });
    assertEquals([run!.outcomes, run!.stopped?.code, quota.used.bytes], [{ done: 2 }, "inconclusive", 6000]);
  }));

Deno.test("download() finishes active files that --quota has admitted", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 8 }, fileSizes: [300_000, 300_000] }, async (bench) => {
    const { clock, library, sandbox } = bench;
    sandbox.setToxics([{ type: "slowBody", ms: 5, chunkBytes: 16_384 }]);
    await using quota = await openDayQuota(library, { clock, limits: { links: 3, bytes: null }, onWarning() {} });
    const client = countingClient(bench, quota);
    const { run } = await bench.download({ quota, client, profile: PROFILES.parallel });
    assertEquals([run!.outcomes, run!.stopped?.code, sandbox.log.downloadHits], [{ done: 3 }, "inconclusive", 3]);
    assertEquals((await Array.fromAsync(walk(library.root, { exts: ["part"] }))).length, 0);
  }));

Deno.test("download() reserves in --quota only what a part with gaps lacks", () =>
  withBench({ size: { creators: 1, modelsPerCreator: 1 }, fileSizes: [400_000] }, async (bench) => {
    const { clock, library } = bench;
    await bench.plan();
    const item = bench.firstItem();
    const path = await put(library, `${item.path}.part`, new Uint8Array(400_000));
    const identity = { key: item.key, sha256: item.hashes.SHA256! };
    const journal = {
      version: 1,
      identity,
      totalBytes: 400_000,
      etag: null,
      blocks: [],
      extents: [[0, 5], [399_990, 400_000]],
    };
    await Deno.writeTextFile(`${path}.json`, JSON.stringify(journal));
    await using quota = await openDayQuota(library, { clock, limits: { links: null, bytes: 399_990 }, onWarning() {} });
    quota.countBytes({ type: "bytes", key: "x", count: 10 });
    const error = await assertRejects(() => fetchItem({ ...bench.context, quota }, item), DayQuotaError);
    assertStringIncludes(error.message, "--quota are used");
  }));
