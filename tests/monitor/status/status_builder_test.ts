import { assertEquals } from "@std/assert";
import type { StatusAlert, StatusBreaker, StatusDownload } from "../../../lib/monitor/mod.ts";
import { buildStatus, type StatusInputs } from "../../../lib/monitor/status/status_builder.ts";
import type { ActiveHost, ActiveRun } from "../../../lib/library/mod.ts";
import { PROBLEMS } from "../../../lib/problems/mod.ts";

const NOW = Date.UTC(2026, 0, 2);
const EMPTY: StatusInputs = {
  outlook: null,
  now: NOW,
  startedAt: NOW - 60_000,
  mode: null,
  breakers: [],
  processes: [],
  history: [],
  alerts: [],
  undelivered: [],
  failures: [],
  failureGroups: [],
  events: [],
  source: { machine: "nas", library: "/srv/c" },
  library: null,
  gone: null,
  damage: null,
  checks: null,
  disk: { usedPercent: 40, freeBytes: 7 },
  rssBytes: null,
  commands: {},
  tickMs: 30_000,
};

const alert = (rule: string, state: StatusAlert["state"], value: number | null = 1): StatusAlert => ({
  rule,
  severity: "warning",
  state,
  since: "2026-01-01T00:00:00.000Z",
  value,
  summary: "s",
  runbook: null,
  valueText: null,
  ja: { summary: null, remedy: null },
  remedy: null,
});
const breaker = (key: string, state: StatusBreaker["state"]): StatusBreaker => ({
  key,
  state,
  since: "2026-01-01T00:00:00.000Z",
  until: null,
  reason: null,
  fault: null,
  ja: { reason: null, fault: null },
  failures: 0,
  calls: 0,
});
const download = (path: string, totalBytes: number | null): StatusDownload => ({
  path,
  host: null,
  bytes: 1,
  totalBytes,
  bytesPerSecond: 2,
  connections: 1,
  waiting: null,
});

Deno.test("buildStatus() without data returns a complete document", () => {
  assertEquals(buildStatus(EMPTY), {
    schema: "civitai-dl/status",
    version: 1,
    time: "2026-01-02T00:00:00.000Z",
    startedAt: "2026-01-01T23:59:00.000Z",
    mode: {
      name: "turbo",
      since: "2026-01-01T23:59:00.000Z",
      reason: "No download has run here yet",
      ja: { reason: "このライブラリではまだダウンロードを実行していません" },
      ceiling: "turbo",
      isRising: false,
      hold: null,
      nextCheck: null,
    },
    silence: null,
    throughput: { bytesPerSecond: 0, history: [], tickMs: 30_000 },
    breakers: [],
    hosts: [],
    downloads: [],
    alerts: [],
    undelivered: [],
    failures: [],
    failureGroups: [],
    events: [],
    library: null,
    gone: null,
    damage: null,
    checks: null,
    source: { machine: "nas", library: "/srv/c" },
    run: null,
    disk: { usedPercent: 40, freeBytes: 7, reserveBytes: null, fullInSeconds: null },
    reserve: null,
    lastRun: null,
    currentRun: null,
    failedRun: null,
    memory: { rssBytes: null },
    commands: {},
    processes: 0,
    ja: { problems: {} },
  });
});

const SILENCE = { ms: 21_000, since: "2026-01-01T23:59:39.000Z", hosts: ["b2.example"], files: 3 };

Deno.test("buildStatus() lists the most important first, and the longest silence", () => {
  const status = buildStatus({
    ...EMPTY,
    alerts: [alert("a", "pending"), alert("b", "resolved"), alert("c", "firing")],
    breakers: [breaker("a", "closed"), breaker("z", "open"), breaker("c", "half-open"), breaker("b", "closed")],
    processes: [
      {
        pid: 1,
        bytesPerSecond: 10,
        silence: { ...SILENCE, ms: 400, hosts: ["c.example"] },
        run: null,
        hosts: [],
        downloads: [download("small", 5), download("unknown", null)],
      },
      {
        pid: 2,
        bytesPerSecond: 32,
        silence: SILENCE,
        run: null,
        hosts: [],
        downloads: [download("large", 50)],
      },
    ],
  });
  assertEquals(status.silence, SILENCE);
  assertEquals(status.alerts.map((one) => one.rule), ["c", "a", "b"]);
  assertEquals(status.breakers.map((one) => one.key), ["z", "c", "a", "b"]);
  assertEquals(status.downloads.map((one) => one.path), ["large", "small", "unknown"]);
  assertEquals([status.throughput.bytesPerSecond, status.processes], [42, 2]);
});

Deno.test("buildStatus() truncates its lists and omits numbers that JSON cannot hold", () => {
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
    { usedPercent: 0, freeBytes: 12, reserveBytes: null, fullInSeconds: null },
    null,
  ]);
  assertEquals(JSON.parse(JSON.stringify(status)), status);
});

const ahead = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

Deno.test("buildStatus() explains why and until when a download waits, never until a past moment", () => {
  const file = { ...download("a", 10), host: "b2.example", bytesPerSecond: 0 };
  const own = { reason: "timeout", ja: { reason: "タイムアウト" }, until: ahead(5) };
  const why = { reason: "5 of the last 5 calls failed", ja: { reason: "直近 5 回のうち 5 回" } };
  const open = { ...breaker("b2.example", "open"), ...why, ja: { ...why.ja, fault: null }, until: ahead(12) };
  const waitingOf = (one: StatusDownload, inputs: Partial<StatusInputs> = {}) =>
    buildStatus({
      ...EMPTY,
      ...inputs,
      processes: [{ pid: 1, bytesPerSecond: 0, silence: null, run: null, hosts: [], downloads: [one] }],
    }).downloads[0]!.waiting;
  assertEquals(waitingOf(file), null);
  assertEquals(waitingOf({ ...file, waiting: own }), own);
  assertEquals(waitingOf({ ...file, waiting: { ...own, until: ahead(-1) } }), null);
  const closed = { ...why, until: ahead(12) };
  assertEquals(waitingOf({ ...file, waiting: own }, { breakers: [open] }), closed);
  assertEquals(waitingOf(file, { breakers: [{ ...open, until: ahead(-3) }] }), null);
  assertEquals(waitingOf({ ...file, host: "other.example" }, { breakers: [open] }), null);
  // A download that receives bytes does not wait, whatever the breaker's state.
  assertEquals(waitingOf({ ...file, bytesPerSecond: 9 }, { breakers: [open] }), null);
  const mode = {
    name: "paused",
    since: ahead(-60),
    reason: "the disk is full",
    ja: { reason: "ディスクの空きがありません" },
    ceiling: "turbo",
    isRising: false,
    hold: null,
    nextCheck: null,
  } as const;
  assertEquals(waitingOf(file, { mode }), { reason: mode.reason, ja: mode.ja, until: null });
});

Deno.test("buildStatus() takes a failing host for well again when bytes arrive without another failure", () => {
  const group = {
    class: "server",
    message: "m",
    remedy: "r",
    files: 4,
    tries: 4,
    since: ahead(-90),
    time: ahead(-31),
    isOver: false,
    isFinal: false,
    paths: [],
  };
  const run = { pid: 1, silence: null, run: null, hosts: [], downloads: [] };
  const isOver = (changes: Partial<typeof group>, bytesPerSecond: number): boolean =>
    buildStatus({
      ...EMPTY,
      failureGroups: [{ ...group, ...changes }],
      processes: [{ ...run, bytesPerSecond }],
    }).failureGroups[0]!.isOver;
  assertEquals(isOver({}, 5000), true);
  assertEquals(isOver({}, 0), false);
  assertEquals(isOver({ time: ahead(-29) }, 5000), false);
  // Bytes of other files say nothing about a key or wrong content.
  assertEquals(["login", "integrity"].map((name) => isOver({ class: name }, 5000)), [false, false]);
});

Deno.test("buildStatus() sums the runs, and estimates the rest by the speed of the last minute", () => {
  const run = {
    activity: "fetching" as const,
    target: null,
    listedModels: 9,
    files: 366,
    bytes: 10_000,
    doneFiles: 87,
    doneBytes: 4000,
    failedFiles: 2,
  };
  const runOf = (bytesPerSecond: number, ...runs: readonly ActiveRun[]) =>
    buildStatus({
      ...EMPTY,
      history: [1, 1, 80, 120],
      processes: runs.map((one, pid) => ({
        pid,
        bytesPerSecond,
        silence: null,
        run: one,
        hosts: [],
        downloads: [],
      })),
    }).run;
  assertEquals(runOf(100), null);
  assertEquals(runOf(100, run), { ...run, leftMs: 60_000 });
  // Nothing arrives now, so the estimate of a minute ago is gone.
  assertEquals(runOf(0, run)!.leftMs, null);
  const listing = {
    ...run,
    activity: "listing",
    target: "user:4712",
    files: 0,
    bytes: 0,
    doneFiles: 0,
    doneBytes: 0,
  } as const;
  assertEquals(runOf(0, listing), { ...listing, leftMs: null });
  const both = runOf(50, run, listing)!;
  assertEquals([both.activity, both.target, both.files, both.listedModels, both.leftMs], [
    "fetching",
    "user:4712",
    366,
    18,
    null,
  ]);
});

Deno.test("buildStatus() adds the Japanese texts of the problems that it names, and of no other", () => {
  const status = buildStatus({
    ...EMPTY,
    failures: [{ time: "t", path: "", class: "timeout", message: "m", remedy: "r" }],
    events: [
      { type: "warning", time: "t", until: "t", problem: "reserve-reached", message: "m", count: 1 },
      { type: "retries", time: "t", until: "t", host: "a", failure: "__proto__", count: 1 },
    ],
  });
  assertEquals(Object.keys(status.ja.problems), ["timeout", "reserve-reached"]);
  assertEquals(status.ja.problems["timeout"], PROBLEMS.timeout.ja);
});

Deno.test("buildStatus() ends an outage whose breaker is closed, whatever the log contains", () => {
  const outage = {
    type: "outage",
    time: ahead(-90),
    until: null,
    key: "a",
    reason: "r",
    ja: { reason: null },
    isByHand: false,
    tries: 3,
  } as const;
  const untilOf = (...breakers: readonly StatusBreaker[]) => {
    const [event] = buildStatus({ ...EMPTY, events: [outage], breakers }).events;
    return event?.type === "outage" ? event.until : undefined;
  };
  assertEquals(untilOf(breaker("a", "open")), null);
  assertEquals(untilOf(breaker("a", "half-open")), null);
  assertEquals(untilOf(), null);
  assertEquals(untilOf(breaker("a", "closed")), breaker("a", "closed").since);
});

Deno.test("buildStatus() joins what processes say about a host, the slow ones first", () => {
  const host = (name: string, ratio: number | null, slowSince: string | null, limit: number): ActiveHost => ({
    host: name,
    speed: ratio === null ? null : { kind: "bytes", ratio, usual: 1000, current: 1000 * ratio },
    slowSince,
    limit: { value: limit, ceiling: 4, reason: null, changedAt: null },
  });
  const since = "2026-01-01T23:50:00.000Z";
  const [first, second] = [
    [host("a", 1, null, 4), host("z", 0.5, null, 1)],
    [host("a", null, null, 2), host("z", 0.01, since, 4)],
  ].map((hosts, pid) => ({ pid, bytesPerSecond: 0, silence: null, run: null, hosts, downloads: [] }));
  const { hosts } = buildStatus({ ...EMPTY, processes: [first!, second!] });
  assertEquals(hosts.map((one) => [one.host, one.speed?.ratio, one.slowSince, one.limit.value]), [
    ["z", 0.01, since, 1],
    ["a", 1, null, 2],
  ]);
});
