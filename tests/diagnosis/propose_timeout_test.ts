import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { seededRandom } from "../../lib/base/mod.ts";
import { WaitCollector } from "../../lib/diagnosis/mod.ts";
import { proposeTimeout } from "../../lib/diagnosis/propose_timeout.ts";
import { quantile } from "../../lib/stats/mod.ts";

const HOST = "b2.civitai.com";

/** Lengths in milliseconds from a lognormal distribution with p95 = 30 s and p99 = 42 s. */
function makeWaits(seed: number, count: number): readonly number[] {
  const random = seededRandom(seed);
  const sigma = Math.log(42 / 30) / (2.326348 - 1.644854);
  const mu = Math.log(42_000) - 2.326348 * sigma;
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(mu + sigma * normal);
  });
}

/** Write waits as a log would have them under limits; `limitOf` gives the limit of each. */
function collect(waits: readonly number[], limitOf: (index: number) => number, streak = 1) {
  const collector = new WaitCollector({ byHost: true });
  for (const [index, ms] of waits.entries()) {
    const limitMs = limitOf(index);
    const base = { time: new Date(1.7e12 + index * 1000).toISOString(), step: "headers", host: HOST, limitMs };
    const end = ms > limitMs
      ? { outcome: "timeout", elapsedMs: limitMs, streak }
      : { outcome: "ok", waits: [[Math.ceil(ms), 1]] };
    collector.add(JSON.stringify({ ...base, ...end }));
  }
  return collector.list()[0]!;
}

Deno.test("proposeTimeout() finds p99 = 42 s although 5 % of the waits were cut off at 30 s", () => {
  const waits = makeWaits(1, 4000);
  // Every second wait had 30 s, the others 120 s.
  const group = collect(waits, (index) => index % 2 === 0 ? 30_000 : 120_000);
  const proposal = proposeTimeout(group)!;
  assert(proposal.proposedMs >= 42_000, JSON.stringify(proposal));
  assert(Math.abs(proposal.quantileMs! - 42_000) < 5000, `${proposal.quantileMs}`);
  // What was observed, taken as complete, gives the limit.
  const naive = quantile(waits.map((ms) => Math.min(ms, 30_000)), 0.99);
  assertEquals([naive, proposal.missing], [30_000, 0]);
});

Deno.test("proposeTimeout() doubles a limit that cuts off more than it may", () => {
  const proposal = proposeTimeout(collect(makeWaits(2, 4000), () => 30_000))!;
  assertEquals([proposal.quantileMs, proposal.proposedMs, proposal.missing], [null, 60_000, 0]);
  assert(Math.abs(proposal.timeouts / proposal.waits - 0.05) < 0.01);
});

Deno.test("proposeTimeout() keeps false timeouts at or below 1 % on waits that it has never seen", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const proposal = proposeTimeout(collect(makeWaits(seed, 2000), (index) => index % 3 === 0 ? 30_000 : 120_000))!;
    const fresh = makeWaits(1000 + seed, 20_000);
    const late = fresh.filter((ms) => ms > proposal.proposedMs).length;
    assertLessOrEqual(late / fresh.length, 0.01, JSON.stringify(proposal));
  }
});

Deno.test("proposeTimeout() wants 300 waits for a shorter timeout, and none for a longer one", () => {
  const propose = (count: number, ms: number, limitMs: number) =>
    proposeTimeout(collect(Array.from({ length: count }, () => ms), () => limitMs))!;
  assertEquals([propose(100, 200, 30_000).proposedMs, propose(100, 200, 30_000).missing], [10_000, 200]);
  assertEquals(propose(300, 200, 30_000).missing, 0);
  assertEquals([propose(1, 20_000, 25_000).proposedMs, propose(1, 20_000, 25_000).missing], [30_000, 0]);
});

Deno.test("proposeTimeout() respects floor and maximum", () => {
  const collector = new WaitCollector({ byHost: true });
  const line = { time: "2026-01-01T00:00:00Z", outcome: "ok", step: "body", host: HOST, limitMs: 60_000 };
  collector.add(JSON.stringify({ ...line, waits: [[10, 333], [250_000, 12]] }));
  const [group] = collector.list();
  const proposal = proposeTimeout(group!)!;
  assertEquals([proposal.waits, proposal.proposedMs], [345, 300_000]);
  assertEquals(proposeTimeout({ ...group!, waits: group!.waits.slice(0, 1) })?.proposedMs, 30_000);
  assertEquals(proposeTimeout({ ...group!, waits: [] }), null);
});

Deno.test("WaitCollector leaves out rows of five timeouts and more, from their first one on", () => {
  const collector = new WaitCollector({ byHost: true });
  const late = { time: "2026-01-01T00:00:00Z", outcome: "timeout", step: "headers", host: HOST, limitMs: 30_000 };
  for (const streak of [1, 1, 2, 3, 4, 5, 6, 1, 2]) {
    collector.add(JSON.stringify({ ...late, elapsedMs: 30_000, streak }));
  }
  const [group] = collector.list();
  assertEquals([group!.waits.length, group!.outages], [3, 6]);
  collector.add("no line");
  assertEquals([collector.lines, collector.broken], [9, 1]);
});

Deno.test("WaitCollector puts all hosts together if asked to", () => {
  const collector = new WaitCollector({ byHost: false });
  for (const host of ["a", "b"]) {
    collector.add(
      JSON.stringify({ time: "2026-01-01T00:00:00Z", outcome: "ok", step: "tls", host, limitMs: 9, waits: [[1, 1]] }),
    );
  }
  assertEquals(collector.list().map(({ host, waits }) => [host, waits.length]), [["*", 2]]);
});
