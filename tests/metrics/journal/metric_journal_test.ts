import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import {
  MetricJournal,
  type MetricJournalOptions,
  type MetricLine,
  MetricRegistry,
  MetricWindow,
  parseMetricLine,
  readMetricLines,
} from "../../../lib/metrics/mod.ts";
import { EventClock, settle } from "../../helpers/event_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { DELAY, increaseOf, SENT, START, WAITING } from "../_metrics.ts";

/** A journal that keeps its lines in memory. */
function memoryJournal(registry: MetricRegistry, options: MetricJournalOptions = {}): {
  readonly journal: MetricJournal;
  readonly clock: EventClock;
  readonly lines: MetricLine[];
} {
  const clock = new EventClock(START);
  const lines: MetricLine[] = [];
  const append = (_: string, text: string): Promise<void> => {
    const line = parseMetricLine(text);
    assert(typeof line !== "string", text);
    lines.push(line);
    return Promise.resolve();
  };
  return { journal: new MetricJournal("nowhere", registry, { append, ...options, clock }), clock, lines };
}

Deno.test("MetricJournal writes increments each ten seconds, gauges as they are, and an end", async () => {
  const registry = new MetricRegistry();
  const sent = registry.counter(SENT);
  const waiting = registry.gauge(WAITING);
  const delay = registry.histogram(DELAY);
  const { journal, clock, lines } = memoryJournal(registry);
  sent.add(2, { to: "you" });
  waiting.set(7);
  delay.record(5);
  await clock.run(10_000);
  sent.add(1, { to: "you" });
  sent.add(4, { to: "me" });
  delay.record(50);
  await clock.run(10_000);
  await clock.run(10_000);
  await journal[Symbol.asyncDispose]();
  const values = lines.map(({ families }) => families.map((family) => family.series.map((series) => series)));
  assertEquals(values, [
    [
      [{ labels: { to: "you" }, value: 2 }],
      [{ labels: {}, value: 7 }],
      [{ labels: {}, count: 1, sum: 5, buckets: [0, 1, 0, 0] }],
    ],
    [
      [{ labels: { to: "you" }, value: 1 }, { labels: { to: "me" }, value: 4 }],
      [{ labels: {}, value: 7 }],
      [{ labels: {}, count: 1, sum: 50, buckets: [0, 0, 1, 0] }],
    ],
    [[{ labels: {}, value: 7 }]],
    [[{ labels: {}, value: 7 }]],
  ]);
  assertEquals(lines.map(({ end }) => end), [false, false, false, true]);
  assertEquals(lines.map(({ spanMs }) => spanMs), [10_000, 10_000, 10_000, 0]);
  assertEquals(lines.map(({ time }) => Date.parse(time) - START), [10_000, 20_000, 30_000, 30_001]);
  assertEquals(new Set(lines.map(({ process }) => process)), new Set([`${Deno.pid}-${START}`]));
});

Deno.test("MetricJournal loses no increment of lines in the same millisecond, or when the clock is set back a little", async () => {
  const registry = new MetricRegistry();
  const sent = registry.counter(SENT);
  const { journal, clock, lines } = memoryJournal(registry);
  let shiftMs = 0;
  clock.now = () => START + shiftMs;
  for (shiftMs of [0, 0, 0, 1, 0]) {
    sent.add(1, { to: "you" });
    await journal.flush();
  }
  // A clock that was far ahead is believed when it is set back.
  shiftMs = -3_600_000;
  await journal[Symbol.asyncDispose]();
  assertEquals(lines.map(({ time }) => Date.parse(time) - START), [0, 1, 2, 3, 4, -3_600_000]);
  const window = new MetricWindow({ horizonMs: 7_200_000 });
  for (const line of lines) window.add(line);
  assertEquals(increaseOf(window, SENT.name, { windowMs: 7_200_000, now: START + 10 }), 5);
});

Deno.test("MetricJournal keeps its schedule when a line takes long, and skips missed ticks", async () => {
  const clock = new EventClock(START);
  const times: number[] = [];
  const append = (): Promise<void> => {
    times.push(clock.monotonic());
    if (times.length === 1) clock.advance(25_000);
    return Promise.resolve();
  };
  const journal = new MetricJournal("nowhere", new MetricRegistry(), { append, clock });
  await clock.run(45_000);
  assertEquals(times, [10_000, 40_000]);
  await journal[Symbol.asyncDispose]();
});

Deno.test("MetricJournal calls onTick before each line, and continues if it throws", async () => {
  const registry = new MetricRegistry();
  const waiting = registry.gauge(WAITING);
  const warnings: string[] = [];
  let tick = 0;
  const onTick = () => {
    waiting.set(++tick);
    if (tick === 2) throw new Error("no such gauge");
  };
  const { journal, clock, lines } = memoryJournal(registry, { onTick, onWarning: (text) => warnings.push(text) });
  await clock.run(10_000);
  await clock.run(10_000);
  await journal[Symbol.asyncDispose]();
  assertEquals(lines.map(({ families }) => families[0]?.series[0]), [1, 2, 3].map((value) => ({ labels: {}, value })));
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "no such gauge");
});

Deno.test("MetricJournal warns once of a full disk, and writes its counts once there is space", async () => {
  const registry = new MetricRegistry();
  const sent = registry.counter(SENT);
  const warnings: string[] = [];
  const texts: string[] = [];
  let isFull = true;
  const append = (_: string, text: string): Promise<void> => {
    if (isFull) return Promise.reject(new Error("No space left on device (os error 28)"));
    texts.push(text);
    return Promise.resolve();
  };
  const { journal, clock } = memoryJournal(registry, { append, onWarning: (text) => warnings.push(text) });
  for (let beat = 0; beat < 3; beat++) {
    sent.add(1, { to: "you" });
    await clock.run(10_000);
  }
  isFull = false;
  await clock.run(10_000);
  await journal[Symbol.asyncDispose]();
  assertEquals(warnings.length, 1);
  assertMatch(warnings[0]!, /^Cannot write metrics to ".*": No space left on device/);
  const [first] = texts.map((text) => JSON.parse(text));
  assertEquals([first.spanMs, first.families[0].series[0].value], [40_000, 3]);
});

Deno.test("MetricJournal never throws, even at its end, if it cannot write", () =>
  inTempDir(async (folder) => {
    const blocked = join(folder, "file");
    await Deno.writeTextFile(blocked, "");
    const warnings: string[] = [];
    const onWarning = (text: string): void => void warnings.push(text);
    const journal = new MetricJournal(join(blocked, "logs"), new MetricRegistry(), { onWarning });
    await journal.flush();
    await journal[Symbol.asyncDispose]();
    await journal[Symbol.asyncDispose]();
    assertEquals(warnings.length, 1);
  }));

Deno.test("MetricJournal completes a half line of another process, so that only that line is lost", () =>
  inTempDir(async (folder) => {
    await Deno.writeTextFile(join(folder, "metrics.jsonl"), '{"schema":"civitai-dl/met');
    {
      await using journal = new MetricJournal(folder, new MetricRegistry());
      await journal.flush();
    }
    const skipped: string[] = [];
    const onSkip = (reason: string): void => void skipped.push(reason);
    const lines = await Array.fromAsync(readMetricLines(folder, { sinceMs: 0, onSkip }));
    assertEquals([lines.map(({ end }) => end), skipped], [[true, false], ["broken"]]);
  }));

Deno.test("MetricJournal rotates and keeps the configured number of files", () =>
  inTempDir(async (folder) => {
    const registry = new MetricRegistry();
    const sent = registry.counter(SENT);
    await using journal = new MetricJournal(folder, registry, { maxBytes: 1000, keep: 2 });
    for (let line = 0; line < 40; line++) {
      sent.add(1, { to: "you" });
      await journal.flush();
    }
    const sizes = new Map<string, number>();
    for await (const { name } of Deno.readDir(folder)) sizes.set(name, (await Deno.stat(join(folder, name))).size);
    assertEquals([...sizes.keys()].toSorted(), [
      "metrics.jsonl",
      "metrics.jsonl.1",
      "metrics.jsonl.2",
      "metrics.jsonl.lock",
    ]);
    for (const size of sizes.values()) assert(size < 1400, `${size}`);
  }));

Deno.test("MetricJournal restarts a full journal if it keeps no old files", () =>
  inTempDir(async (folder) => {
    const registry = new MetricRegistry();
    const sent = registry.counter(SENT);
    await using journal = new MetricJournal(folder, registry, { maxBytes: 1000, keep: 0 });
    for (let line = 0; line < 20; line++) {
      sent.add(1, { to: "you" });
      await journal.flush();
    }
    assert((await Deno.stat(journal.path)).size < 1400);
  }));

Deno.test("MetricJournal leaves no timer after its end", async () => {
  const { journal, clock } = memoryJournal(new MetricRegistry());
  await settle();
  assertEquals(clock.sleeping, 1);
  await journal[Symbol.asyncDispose]();
  assertEquals(clock.sleeping, 0);
});
