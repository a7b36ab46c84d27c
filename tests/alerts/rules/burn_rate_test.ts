import { assert, assertEquals } from "@std/assert";
import {
  EMPTY_ALERT_STATE,
  evaluateRules,
  type MetricReading,
  type MetricReadOptions,
  type MetricSource,
} from "../../../lib/alerts/mod.ts";
import { configOf, HOUR, MINUTE, SECOND, START } from "../_story.ts";

const DAY = 24 * HOUR;
const SLO = configOf("slo: [{ name: Downloads, objective: 99%, metric: error_rate }]");

/** Requests at a steady rate, of which a share fails between two moments, in hours from the start. */
class Traffic implements MetricSource {
  readonly names = null;

  constructor(
    readonly outages: readonly { readonly from: number; readonly to: number; readonly share: number }[],
    readonly perSecond = 1,
  ) {}

  read(_metric: string, { windowMs, now }: MetricReadOptions): readonly MetricReading[] {
    const errors = this.outages.reduce((sum, { from, to, share }) => {
      const shared = Math.min(now, START + to) - Math.max(now - windowMs, START + from);
      return sum + Math.max(0, shared) / 1000 * share * this.perSecond;
    }, 0);
    const all = windowMs / 1000 * this.perSecond;
    return [{ labels: {}, value: Number((errors / all).toPrecision(12)), samples: all }];
  }
}

/** When each rule started and stopped firing, in milliseconds from the start. */
function episodes(source: MetricSource, lengthMs: number, stepMs: number): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  let state = EMPTY_ALERT_STATE;
  for (let ms = 0; ms <= lengthMs; ms += stepMs) {
    const evaluation = evaluateRules(state, SLO, source, START + ms, { isForced: true });
    state = evaluation.state;
    for (const { to, alert } of evaluation.changes) {
      if (to === "firing" || to === "resolved") (found[alert.rule] ??= []).push(ms);
    }
  }
  return found;
}

Deno.test("slo expands to two rules with four pairs of windows", () => {
  const limits = SLO.rules.map(({ name, severity, anyOf }) => [
    name,
    severity,
    ...anyOf.map((pair) => pair.map(({ value, windowMs, minSamples }) => [value, windowMs / HOUR, minSamples])),
  ]);
  assertEquals(limits, [
    ["DownloadsPage", "critical", [[0.144, 1, 20], [0.144, 1 / 12, 1]], [[0.06, 6, 20], [0.06, 0.5, 1]]],
    ["DownloadsTicket", "warning", [[0.03, 24, 20], [0.03, 2, 1]], [[0.01, 72, 20], [0.01, 6, 1]]],
  ]);
});

Deno.test("slo gives its annotations to both rules", () => {
  const annotations = { summary: "S", description: "D", remedy: "R", runbook: "https://example.org/r" };
  const text = JSON.stringify([{ name: "Downloads", objective: "99%", metric: "error_rate", annotations }]);
  const rules = configOf(`slo: ${text}`).rules;
  assertEquals(rules.map((rule) => rule.annotations), [annotations, annotations]);
});

Deno.test("slo does not page for a total outage of 5 min", () => {
  const found = episodes(new Traffic([{ from: HOUR, to: HOUR + 5 * MINUTE, share: 1 }]), 8 * HOUR, 10 * SECOND);
  assertEquals(found["DownloadsPage"], undefined);
});

Deno.test("slo pages for a lasting outage after 8.64 min and one tick, and resolves 4.3 min after it", () => {
  const outage = { from: HOUR, to: HOUR + 9 * MINUTE, share: 1 };
  const [begin, end, ...more] = episodes(new Traffic([outage]), 2 * HOUR, SECOND)["DownloadsPage"]!;
  const exact = HOUR + 0.144 * HOUR;
  assert(begin! > exact && begin! <= exact + SECOND, `${(begin! - HOUR) / MINUTE} min`);
  assert(end! > outage.to && end! - outage.to <= 4.3 * MINUTE, `${(end! - outage.to) / MINUTE} min`);
  assertEquals(more, []);
});

Deno.test("slo does not alert on 1 % of errors, the exact objective", () => {
  assertEquals(episodes(new Traffic([{ from: 0, to: 30 * DAY, share: 0.01 }]), 10 * DAY, 5 * MINUTE), {});
});

Deno.test("slo opens a ticket for 4 % of errors after 18 h, without a page", () => {
  const found = episodes(new Traffic([{ from: 0, to: 30 * DAY, share: 0.04 }]), 3 * DAY, MINUTE);
  assertEquals(Object.keys(found), ["DownloadsTicket"]);
  const [begin] = found["DownloadsTicket"]!;
  assert(begin! > 18 * HOUR && begin! <= 18 * HOUR + MINUTE, `${begin! / HOUR} h`);
});

Deno.test("slo pages for 7 % of errors after 5.14 h", () => {
  const found = episodes(new Traffic([{ from: 0, to: 30 * DAY, share: 0.07 }]), 8 * HOUR, 10 * SECOND);
  const [begin] = found["DownloadsPage"]!;
  const exact = 6 * 6 / 7 * HOUR;
  assert(begin! > exact && begin! <= exact + 10 * SECOND, `${begin! / HOUR} h`);
});

Deno.test("slo does not page for fewer than 20 events in the long window", () => {
  const outage = [{ from: 0, to: 30 * DAY, share: 1 }];
  // 19 in an hour, but enough in six.
  assertEquals(episodes(new Traffic(outage, 19 / 3600), 20 * MINUTE, MINUTE), {});
  assertEquals(Object.keys(episodes(new Traffic(outage, 20 / 3600), 20 * MINUTE, MINUTE)), ["DownloadsPage"]);
  assertEquals(episodes(new Traffic(outage, 19 / (72 * 3600)), 7 * DAY, HOUR), {});
});

Deno.test("slo accepts two counts and uses their quotient", () => {
  const config = configOf("slo: [{ name: Web, objective: 0.9, of: errors, over: requests }]");
  const [page] = config.rules[0]!.anyOf;
  assertEquals(page!.map(({ metric, over, value }) => [metric, over, value]), [["errors", "requests", 1.44], [
    "errors",
    "requests",
    1.44,
  ]]);
  const counts = (errors: number | null, requests: number | null): MetricSource => ({
    names: null,
    read: (metric) => [{ labels: {}, value: metric === "errors" ? errors : requests, samples: 1 }],
  });
  const firing = (source: MetricSource) =>
    Object.values(evaluateRules(EMPTY_ALERT_STATE, config, source, START).state.alerts).map((alert) => [
      alert.rule,
      alert.value,
    ]);
  assertEquals(firing(counts(70, 100)), [["WebPage", 0.7], ["WebTicket", 0.7]]);
  assertEquals(firing(counts(null, 100)), []);
  assertEquals(firing(counts(19, 19)), []);
  assertEquals(firing(counts(0, 0)), []);
});
