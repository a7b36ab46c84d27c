import { assertEquals } from "@std/assert";
import { buildStatus, type StatusAlert, type StatusBreaker, type StatusInputs } from "../../lib/monitor/mod.ts";

const NOW = Date.UTC(2026, 0, 2);
const EMPTY: StatusInputs = {
  ...{ now: NOW, startedAt: NOW - 60_000, mode: null, breakers: [], processes: [], history: [], alerts: [] },
  ...{ failures: [], library: null, disk: { usedPercent: 40, freeBytes: 7 }, rssBytes: 0, tickMs: 30_000 },
};

const alert = (rule: string, state: StatusAlert["state"], value: number | null = 1): StatusAlert => ({
  ...{ rule, severity: "warning", state, since: "2026-01-01T00:00:00.000Z", value, summary: "s", runbook: null },
});
const breaker = (key: string, state: StatusBreaker["state"]): StatusBreaker => ({
  ...{ key, state, since: "2026-01-01T00:00:00.000Z", until: null, reason: null, failures: 0, calls: 0 },
});
const download = (path: string, totalBytes: number | null) => ({
  ...{ path, host: null, bytes: 1, totalBytes, bytesPerSecond: 2, connections: 1 },
});

Deno.test("buildStatus() of nothing is a whole document", () => {
  assertEquals(buildStatus(EMPTY), {
    ...{ schema: "civitai-dl/status", version: 1, time: "2026-01-02T00:00:00.000Z" },
    startedAt: "2026-01-01T23:59:00.000Z",
    mode: {
      ...{ name: "turbo", since: "2026-01-01T23:59:00.000Z", reason: "No download has run here yet" },
      ...{ ceiling: "turbo", nextCheck: null },
    },
    throughput: { bytesPerSecond: 0, history: [], tickMs: 30_000 },
    ...{ breakers: [], downloads: [], alerts: [], failures: [], library: null },
    ...{ disk: { usedPercent: 40, freeBytes: 7 }, memory: { rssBytes: 0 }, processes: 0 },
  });
});

Deno.test("buildStatus() puts what matters first", () => {
  const status = buildStatus({
    ...EMPTY,
    alerts: [alert("a", "pending"), alert("b", "resolved"), alert("c", "firing")],
    breakers: [breaker("a", "closed"), breaker("z", "open"), breaker("c", "half-open"), breaker("b", "closed")],
    processes: [
      { pid: 1, bytesPerSecond: 10, downloads: [download("small", 5), download("unknown", null)] },
      { pid: 2, bytesPerSecond: 32, downloads: [download("large", 50)] },
    ],
  });
  assertEquals(status.alerts.map((one) => one.rule), ["c", "a", "b"]);
  assertEquals(status.breakers.map((one) => one.key), ["z", "c", "a", "b"]);
  assertEquals(status.downloads.map((one) => one.path), ["large", "small", "unknown"]);
  assertEquals([status.throughput.bytesPerSecond, status.processes], [42, 2]);
});

Deno.test("buildStatus() keeps its lists short, and lets no number in that JSON cannot hold", () => {
  const failure = { time: "t", path: "", class: "timeout", message: "m", remedy: "r" };
  const status = buildStatus({
    ...EMPTY,
    alerts: [alert("a", "firing", NaN)],
    failures: Array.from({ length: 50 }, (_, index) => ({ ...failure, message: `${index}` })),
    history: Array.from({ length: 500 }, (_, index) => index),
    disk: { usedPercent: NaN, freeBytes: 12 },
    rssBytes: Infinity,
  });
  assertEquals([status.failures.length, status.failures[0]!.message], [20, "0"]);
  assertEquals([status.throughput.history.length, status.throughput.history[0]], [120, 380]);
  assertEquals([status.alerts[0]!.value, status.disk, status.memory.rssBytes], [
    null,
    { usedPercent: 0, freeBytes: 12 },
    0,
  ]);
  assertEquals(JSON.parse(JSON.stringify(status)), status);
});
