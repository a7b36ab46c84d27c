import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type DownloadEvent,
  DownloadMeter,
  type EventItem,
  type ItemOutcome,
  recordProcess,
  routeOf,
} from "../../../lib/downloader/mod.ts";
import type { FailureClass } from "../../../lib/failsafe/mod.ts";
import { MetricRegistry } from "../../../lib/metrics/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

function itemOf(key: string): EventItem {
  return { key, kind: "file", path: `${key}.safetensors`, creator: "a", modelId: 1, versionId: 2, fileId: 3 };
}

const start = (key: string, host: string | null = null): DownloadEvent => ({
  type: "start",
  item: itemOf(key),
  host,
  totalBytes: 9,
  resumedBytes: 0,
});
const bytes = (key: string, count: number): DownloadEvent => ({ type: "bytes", key, count });
const retry = (key: string, failure: FailureClass): DownloadEvent => ({
  type: "retry",
  item: itemOf(key),
  host: null,
  attempt: 1,
  waitMs: 5,
  failure,
});
const end = (key: string, outcome: ItemOutcome, failure: FailureClass | null = null): DownloadEvent => ({
  type: "end",
  item: itemOf(key),
  host: null,
  outcome,
  bytes: 0,
  durationMs: 2500,
  failure,
  message: failure,
});

/** A meter and its records: `name{label values} value` per line. */
function meterOf(): {
  readonly meter: DownloadMeter;
  readonly read: (word: string) => readonly string[];
} {
  const registry = new MetricRegistry();
  const meter = new DownloadMeter(registry);
  const read = (word: string): readonly string[] =>
    registry.snapshot().families.filter(({ name }) => name.endsWith(word)).flatMap(({ series }) =>
      series.map((one) =>
        `${Object.values(one.labels).join()} ${"value" in one ? one.value : `${one.count}:${one.sum}`}`
      )
    );
  return { meter, read };
}

Deno.test("DownloadMeter counts downloads by outcome, bytes and the duration of fetched ones", () => {
  const { meter, read } = meterOf();
  meter.record(start("a"));
  meter.record(start("b"));
  assertEquals(read(".active"), [" 2"]);
  meter.record(bytes("a", 100));
  meter.record(bytes("a", 23));
  meter.record(end("a", "done"));
  meter.record(end("b", "failed", "server"));
  meter.record(end("c", "already there"));
  assertEquals(read(".count"), ["unknown,done 1", "unknown,failed 1", "unknown,already there 1"]);
  assertEquals(read("download.bytes"), ["unknown 123"]);
  assertEquals(read("download.errors"), ["unknown,server 1"]);
  assertEquals(read("download.duration"), [" 1:2.5"]);
  assertEquals(read(".active"), [" 0"]);
});

Deno.test("DownloadMeter counts a download once despite several timeouts, and a refusal not as an error", () => {
  const { meter, read } = meterOf();
  meter.record(start("a"));
  for (const failure of ["timeout", "stall", "timeout", "server"] as const) meter.record(retry("a", failure));
  meter.record(end("a", "done"));
  meter.record(retry("b", "timeout"));
  meter.record(end("b", "failed", "timeout"));
  meter.record(end("c", "failed", "stall"));
  meter.record(end("d", "early-access", "early-access"));
  assertEquals(read("download.timeouts"), ["unknown 3"]);
  assertEquals(read("download.errors"), ["unknown,timeout 1", "unknown,stall 1"]);
  assertEquals(read("download.retries"), ["unknown,timeout 3", "unknown,stall 1", "unknown,server 1"]);
  assertEquals(read(".active"), [" 0"]);
});

Deno.test("DownloadMeter takes the host from the event, or from the start of the item", () => {
  const { meter, read } = meterOf();
  meter.record(start("a", "a.example"));
  meter.record(bytes("a", 1));
  meter.record(start("b", "b.example"));
  meter.record(bytes("b", 2));
  meter.record(end("b", "done"));
  meter.record(bytes("c", 4));
  assertEquals(read("download.bytes"), ["a.example 1", "b.example 2", "unknown 4"]);
  assertEquals(read(".count"), ["b.example,done 1"]);
});

Deno.test("DownloadMeter counts requests by route and status, and records limits", () => {
  const { meter, read } = meterOf();
  const url = "https://civitai.com/api/v1/models/123";
  meter.recordRequest({ url, status: 200, durationMs: 250 });
  meter.recordRequest({ url: url.replace("123", "456"), status: 200, durationMs: 250 });
  meter.recordRequest({ url, status: null, durationMs: -1 });
  meter.record({ type: "limit", host: "civitai.com", from: 4, to: 2, reason: "slow" });
  meter.record({ type: "mode", from: "turbo", to: "parallel", reason: "25 of 60 calls failed" });
  assertEquals(read("api.requests"), ["/api/v1/models/{id},200 2", "/api/v1/models/{id},none 1"]);
  assertEquals(read("request.duration"), ["civitai.com 3:0.5"]);
  assertEquals(read("concurrency.limit"), ["civitai.com 2"]);
  assertEquals(read("failsafe.switches"), ["turbo,parallel 1"]);
});

Deno.test("routeOf() replaces ids and hashes in any path", () => {
  assertEquals(
    routeOf("https://a/api/v1/model-versions/by-hash/0123ABCDEF?x=1"),
    "/api/v1/model-versions/by-hash/{id}",
  );
  assertEquals(routeOf("https://a/api/download/models/42"), "/api/download/models/{id}");
  assertEquals(routeOf("nothing"), "other");
});

Deno.test("recordProcess() records memory, and open files where possible", () =>
  inTempDir(async (folder) => {
    const { meter, read } = meterOf();
    await Deno.writeTextFile(`${folder}/1`, "");
    await recordProcess(meter.instruments, { descriptors: `${folder}/none`, rss: () => 5 });
    assertEquals([read("memory.usage"), read("open_files")], [[" 5"], []]);
    await recordProcess(meter.instruments, { descriptors: folder });
    assertEquals(read("open_files"), [" 1"]);
    assert(Number(read("memory.usage")[0]) > 1e6);
    await recordProcess(meter.instruments);
  }));

Deno.test("DownloadMeter shares a registry only with equal definitions", () => {
  const registry = new MetricRegistry();
  new DownloadMeter(registry);
  new DownloadMeter(registry);
  assertThrows(() => registry.define({ name: "process.open_files", kind: "counter", unit: "", help: "" }), TypeError);
});
