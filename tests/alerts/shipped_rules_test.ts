import { assertEquals, assertMatch } from "@std/assert";
import { type MetricReading, parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { fromFileUrl } from "./_path.ts";
import { HOUR, MINUTE, SECOND, START, Story } from "./_story.ts";

const TICK = 30 * SECOND;
const SHIPPED = parseAlertsConfig(Deno.readTextFileSync(fromFileUrl("../../config/alerts.yml")));

interface Case {
  readonly metric: string;
  /** A value at which the rule is not breached yet, and one that breaches it. */
  readonly good: number;
  readonly bad: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** How many events the rule needs; one without `samples`. */
  readonly samples?: number;
  /** How long the breach lasts before it fires, and how long the alert outlasts it. */
  readonly forMs?: number;
  readonly keptMs?: number;
}

/** What each shipped rule compares, and how long it waits. */
const CASES: Readonly<Record<string, Case>> = {
  HighErrorRate: { metric: "error_rate", good: 0.05, bad: 0.051, samples: 20, forMs: 5 * MINUTE, keptMs: 5 * MINUTE },
  HighTimeoutRate: {
    metric: "timeout_rate",
    good: 0.01,
    bad: 0.0101,
    samples: 100,
    forMs: 5 * MINUTE,
    keptMs: 5 * MINUTE,
  },
  NoProgress: { metric: "no_progress_seconds", good: 60, bad: 61 },
  RolloutStopped: { metric: "rollout_stopped", good: 0, bad: 0.4 },
  HighMemoryUsage: { metric: "memory_usage_mb", good: 2048, bad: 2049, forMs: 2 * MINUTE, keptMs: 5 * MINUTE },
  HighDiskUsage: { metric: "disk_usage_percent", good: 90, bad: 90.1, forMs: MINUTE, keptMs: 5 * MINUTE },
  LibraryMissing: { metric: "library_missing", good: 0, bad: 0.4 },
  HealthCheckFailing: { metric: "health_check_failing", good: 0, bad: 0.4, labels: { check: "clock" } },
  RunFailed: { metric: "run_failed", good: 0, bad: 0.4, labels: { command: "update", exit: "6" } },
  NoSuccessFor48h: { metric: "seconds_since_success", good: 48 * 3600, bad: 48 * 3600 + 1 },
  KeyRejected: { metric: "key_rejected", good: 0, bad: 0.4, labels: { origin: "CIVITAI_API_KEY" } },
  ReserveReached: { metric: "reserve_reached", good: 0, bad: 0.4 },
  DiskFilling: { metric: "disk_full_in_seconds", good: 7200, bad: 7199, forMs: 5 * MINUTE, keptMs: 5 * MINUTE },
};

Deno.test("every shipped rule says in Japanese what it says in English, with the same values", () => {
  const valuesIn = (text: string) => text.match(/\{\{\w+\}\}/g)?.toSorted() ?? [];
  for (const { name, annotations: { summary, remedy, summaryJa = "", remedyJa = "" } } of SHIPPED.rules) {
    assertEquals([name, valuesIn(summaryJa)], [name, valuesIn(summary)]);
    assertEquals([name, valuesIn(remedyJa)], [name, valuesIn(remedy!)]);
    for (const text of [summaryJa, remedyJa]) assertMatch(text, /[ぁ-ん]/);
  }
});

Deno.test("values are filled in in the language of the text", () => {
  const story = new Story(SHIPPED);
  const reading: MetricReading = { labels: {}, value: 125, samples: 1 };
  story.source.readings = { no_progress_seconds: [reading] };
  story.pass(TICK, TICK);
  const [alert] = Object.values(story.state.alerts);
  assertMatch(alert!.annotations["summary"]!, /has arrived for 2m 5s although/);
  assertMatch(alert!.annotations["summaryJa"]!, /2 分 5 秒にわたって/);
});

Deno.test("every shipped rule has a case", () => {
  assertEquals(SHIPPED.rules.map(({ name }) => name), Object.keys(CASES));
});

for (const [rule, { metric, good, bad, labels = {}, samples = 1, forMs = 0, keptMs = 0 }] of Object.entries(CASES)) {
  Deno.test(`${rule} fires beyond ${good} after ${forMs / MINUTE} min, and ends ${keptMs / MINUTE} min after the breach`, () => {
    const story = new Story(SHIPPED);
    const set = (value: number, count = samples): void => {
      const reading: MetricReading = { labels, value, samples: count };
      story.source.readings = { [metric]: [reading] };
    };
    set(good);
    story.pass(HOUR, TICK);
    if (samples > 1) {
      set(bad, samples - 1);
      story.pass(HOUR, TICK);
    }
    assertEquals(story.state.alerts, {});
    set(bad);
    const from = story.now + TICK;
    story.pass(forMs, TICK);
    assertEquals(story.states(rule), forMs === 0 ? [] : ["pending"]);
    story.pass(TICK, TICK);
    const [alert] = Object.values(story.state.alerts);
    assertEquals([alert!.rule, alert!.state, alert!.firedAt! - from], [rule, "firing", forMs]);
    story.pass(HOUR, TICK);
    set(good);
    story.pass(keptMs - TICK, TICK);
    if (keptMs > 0) assertEquals(story.states(rule), ["firing"]);
    story.pass(TICK, TICK);
    assertEquals(story.states(rule), ["resolved"]);
  });
}

Deno.test("the shipped rules count missing data as ok, unless an outage or the end of a run has to show that it is over", () => {
  const kept: string[] = [];
  for (const [rule, { metric, bad, labels = {}, samples = 1, forMs = 0 }] of Object.entries(CASES)) {
    const story = new Story(SHIPPED);
    story.source.readings = { [metric]: [{ labels, value: bad, samples }] };
    story.pass(forMs + 2 * TICK, TICK);
    assertEquals(story.states(rule), ["firing"]);
    story.source.readings = {};
    story.pass(HOUR, TICK);
    if (story.states(rule).includes("firing")) kept.push(rule);
  }
  assertEquals(kept, ["NoProgress", "HealthCheckFailing", "RunFailed"]);
});

Deno.test("a few files that fail at once fire nothing", () => {
  const story = new Story(SHIPPED);
  const rate = (value: number, samples: number) => [{ labels: {}, value, samples }];
  // They stay in the window for its five minutes.
  story.pass(2 * HOUR, TICK, (ms) => {
    const isIn = ms >= HOUR && ms < HOUR + 5 * MINUTE;
    story.source.readings = isIn
      ? { error_rate: rate(0.3, 20), timeout_rate: rate(0.05, 100) }
      : { error_rate: rate(0, 20), timeout_rate: rate(0, 100) };
  });
  assertEquals([story.log, story.now - START], [[], 2 * HOUR]);
});
