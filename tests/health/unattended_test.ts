import { assertEquals } from "@std/assert";
import { parse } from "@std/yaml";
import { HEALTH_CHECKS, type HealthRow, type HealthStatus } from "../../lib/health/mod.ts";
import {
  advanceWatch,
  chooseUnattended,
  type HealthWatch,
  type UnattendedMoment,
} from "../../lib/health/unattended.ts";
import { PROBLEM_IDS, type ProblemId, PROBLEMS } from "../../lib/problems/mod.ts";
import BUILT_IN_RULES from "../../config/alerts.yml" with { type: "text" };

const IDLE: UnattendedMoment = { isRunning: false, isCatalogUnchanged: true, failed: new Set() };

function chosen(moment: Partial<UnattendedMoment>): readonly string[] {
  return chooseUnattended(HEALTH_CHECKS, { ...IDLE, ...moment }).map(({ name }) => name);
}

const SMALL = ["permissions", "config", "state", "failsafe", "instance", "speed", "alerts"];
const NETWORK = ["api", "key", "storage", "clock"];

Deno.test("chooseUnattended() wakes no disk, asks no host that a run asks, and leaves out what a rule says", () => {
  assertEquals(chosen({}).toSorted(), [...NETWORK, ...SMALL].toSorted());
  assertEquals(chosen({ isRunning: true }).toSorted(), SMALL.toSorted());
  assertEquals(chosen({ isRunning: true, isCatalogUnchanged: false }).toSorted(), SMALL.toSorted());
  const changed = chosen({ isCatalogUnchanged: false });
  assertEquals(changed.filter((name) => !chosen({}).includes(name)), ["catalog"]);
});

Deno.test("chooseUnattended() runs a check that failed until it is good, but never one that writes", () => {
  const failed = new Set(["api", "catalog", "write", "hash", "runs", "timeouts"]);
  assertEquals(chosen({ isRunning: true, failed }).toSorted(), [...SMALL, "api", "catalog"].toSorted());
});

Deno.test("each problem that names an alert rule names one that is shipped", () => {
  const { rules } = parse(BUILT_IN_RULES) as { rules: { alert: string }[] };
  const shipped = rules.map(({ alert }) => alert);
  const named = PROBLEM_IDS.flatMap((id) => PROBLEMS[id].alert ?? []);
  assertEquals(named.filter((alert) => !shipped.includes(alert)), []);
});

function row(status: HealthStatus, problem: ProblemId | null = null): HealthRow {
  return {
    name: "clock",
    status,
    problem,
    measured: status,
    remedy: null,
    afterwards: null,
    advice: null,
    ja: { name: "時計", measured: status, advice: null },
    figures: {},
    durationMs: 1,
  };
}

/** What is notified after each round. */
function follow(rounds: readonly HealthRow[]): readonly (boolean | null)[] {
  let watch: HealthWatch = new Map();
  return rounds.map((found, index) => {
    watch = advanceWatch(watch, { time: new Date(index * 600_000).toISOString(), checks: [found] });
    return watch.get("clock")!.isFailing;
  });
}

Deno.test("advanceWatch() begins with the second failure in a row, and is over with the first good round", () => {
  const ok = row("ok");
  const warn = row("warn");
  const fail = row("fail", "clock");
  const skipped = row("skipped");
  assertEquals(follow([ok, fail, ok, fail, ok]), [false, false, false, false, false]);
  assertEquals(follow([ok, fail, fail, fail, warn]), [false, false, true, true, false]);
  // After a restart, nothing is known before the second round, so that an alert that fires goes on.
  assertEquals(follow([fail, fail, ok]), [null, true, false]);
  assertEquals(follow([fail, fail, skipped, fail, skipped, skipped]), [null, true, true, true, true, false]);
});

Deno.test("advanceWatch() leaves a failure to the rule that notifies of it", () => {
  assertEquals(follow([row("fail", "key-rejected"), row("fail", "key-rejected")]), [false, false]);
  assertEquals(follow([row("fail", "login"), row("fail", "login")]), [null, true]);
});

Deno.test("advanceWatch() says since when a check fails, also one whose problem a rule notifies of", () => {
  let watch: HealthWatch = new Map();
  const rounds = [["1", row("ok")], ["2", row("fail", "key-rejected")], ["3", row("fail", "clock")], [
    "4",
    row("warn"),
  ]];
  const since = (rounds as [string, HealthRow][]).map(([time, found]) => {
    watch = advanceWatch(watch, { time, checks: [found] });
    return watch.get("clock")!.since;
  });
  assertEquals(since, ["1", "2", "2", "4"]);
});

Deno.test("advanceWatch() keeps checks that did not run, and says since when one fails", () => {
  let watch: HealthWatch = new Map();
  for (const [time, checks] of [["1", [row("fail")]], ["2", [row("fail")]], ["3", []]] as const) {
    watch = advanceWatch(watch, { time, checks });
  }
  const { since, isFailing } = watch.get("clock")!;
  assertEquals([since, isFailing], ["1", true]);
});
