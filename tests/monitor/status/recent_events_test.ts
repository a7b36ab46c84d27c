import { assertEquals } from "@std/assert";
import type { StatusEvent } from "../../../lib/monitor/mod.ts";
import { RecentEvents } from "../../../lib/monitor/status/recent_events.ts";

const START = Date.UTC(2026, 0, 1, 1);
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();
const NOW = START + 8 * 3_600_000;

function eventsOf(...lines: readonly Record<string, unknown>[]): readonly StatusEvent[] {
  const events = new RecentEvents();
  for (const { minute = 0, ...line } of lines) {
    events.add({ time: at(Number(minute)), level: "INFO", ...line });
  }
  return events.list(NOW);
}

const breaker = (minute: number, to: string) => ({
  minute,
  type: "breaker",
  key: "b2.civitai.com",
  from: "x",
  to,
  reason: `now ${to}`,
  ja: { reason: `今は ${to}` },
});

const OUTAGE = {
  type: "outage",
  time: at(0),
  key: "b2.civitai.com",
  reason: "now open",
  ja: { reason: "今は open" },
  isByHand: false,
  tries: 20,
} as const;

Deno.test("RecentEvents combines an outage and its retries to one event", () => {
  const tries = Array.from({ length: 20 }, (_, index) => [breaker(index, "half-open"), breaker(index, "open")]).flat();
  const night = [breaker(0, "open"), ...tries];
  assertEquals(eventsOf(...night), [
    { ...OUTAGE, until: null },
  ]);
  const [outage, ...more] = eventsOf(...night, breaker(30, "half-open"), breaker(31, "closed"), breaker(40, "closed"));
  assertEquals(more, []);
  assertEquals(outage, { ...OUTAGE, until: at(31) });
  // A second outage is another event.
  assertEquals(eventsOf(...night, breaker(31, "closed"), breaker(50, "open")).length, 2);
});

Deno.test("RecentEvents joins recent retries of one host for one reason, and recent equal warnings", () => {
  const retry = (minute: number, host: string, failure: string) => ({ minute, type: "retry", host, failure });
  const events = eventsOf(
    ...[retry(0, "a", "timeout"), retry(1, "a", "timeout"), retry(2, "b", "timeout"), retry(3, "a", "server")],
    ...[retry(4, "a", "timeout"), retry(30, "a", "timeout")],
    { minute: 31, type: "api-retry", what: "list models", failure: "server" },
    {
      minute: 32,
      type: "warning",
      problem: "reserve-reached",
      message: 'Cannot fetch "a" (3 GiB to come): the disk has no room',
    },
    {
      minute: 33,
      type: "warning",
      problem: "reserve-reached",
      message: 'Cannot fetch "b" (4 GiB to come): the disk has no room',
    },
  );
  assertEquals(events, [
    {
      type: "warning",
      time: at(32),
      until: at(33),
      problem: "reserve-reached",
      message: 'Cannot fetch "b" (4 GiB to come): the disk has no room',
      count: 2,
    },
    { type: "retries", time: at(31), until: at(31), host: "", failure: "server", count: 1 },
    { type: "retries", time: at(30), until: at(30), host: "a", failure: "timeout", count: 1 },
    { type: "retries", time: at(3), until: at(3), host: "a", failure: "server", count: 1 },
    { type: "retries", time: at(2), until: at(2), host: "b", failure: "timeout", count: 1 },
    { type: "retries", time: at(0), until: at(4), host: "a", failure: "timeout", count: 3 },
  ]);
});

Deno.test("RecentEvents shows runs, modes and alerts, and ignores other lines", () => {
  const events = eventsOf(
    { minute: 0, type: "plan", files: 366, bytes: 1000 },
    { minute: 1, type: "mode", from: "turbo", to: "parallel", reason: "the breaker of b2 opened" },
    { minute: 2, type: "alert", state: "firing", rule: "HighDiskUsage", severity: "warning", summary: "91 %" },
    { minute: 3, type: "start", item: { path: "a" } },
    { minute: 4, type: "alert", state: "pending", rule: "HighDiskUsage", severity: "warning", summary: "91 %" },
    {
      minute: 5,
      type: "run-end",
      command: "update",
      exitCode: 6,
      done: 302,
      failed: 7,
      left: 12,
      fetchedBytes: 900,
      durationMs: 60_000,
      cause: "timeout",
      message: "Cannot list models: no answer",
    },
  );
  assertEquals(events.map(({ type }) => type), ["end", "alert", "mode", "run"]);
  assertEquals(events[0], {
    type: "end",
    time: at(5),
    command: "update",
    exitCode: 6,
    done: 302,
    failed: 7,
    left: 12,
    cause: "timeout",
    message: "Cannot list models: no answer",
    fetchedBytes: 900,
    durationMs: 60_000,
  });
  assertEquals(events[2], {
    type: "mode",
    time: at(1),
    from: "turbo",
    to: "parallel",
    reason: "the breaker of b2 opened",
    ja: { reason: null },
  });
});

Deno.test("RecentEvents skips invalid events, and shows no key and no terminal sequence", () => {
  const events = new RecentEvents();
  for (const record of [{}, { type: "mode" }, { type: "mode", time: "soon" }]) events.add(record);
  assertEquals(events.list(NOW), []);
  events.add({
    time: at(0),
    type: "warning",
    message: "see https://a.example/?token=0123456789abcdef0123456789abcdef \u001b[31mred",
  });
  const [event] = events.list(NOW);
  const message = event?.type === "warning" ? event.message : "";
  assertEquals([message.includes("0123456789abcdef"), message.includes("\u001b")], [false, false]);
});

Deno.test("RecentEvents drops events older than a day, and stays within its limit", () => {
  const events = new RecentEvents();
  for (let minute = 0; minute <= 200; minute++) {
    events.add({ time: at(minute), type: "plan", files: minute, bytes: 0 });
  }
  assertEquals(events.list(NOW).map((event) => event.time).at(-1), at(1));
  assertEquals(events.list(START + 86_400_000 + 198 * 60_000).map((event) => event.time), [200, 199, 198].map(at));
});
