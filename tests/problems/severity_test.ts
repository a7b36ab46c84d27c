import { assertEquals } from "@std/assert";
import { parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { HEALTH_CHECKS, runHealthChecks } from "../../lib/health/mod.ts";
import { type ProblemId, PROBLEMS } from "../../lib/problems/mod.ts";
import BUILT_IN_RULES from "../../config/alerts.yml" with { type: "text" };
import { placeOf } from "../health/_health_place.ts";

/** What each shipped rule is about; `null` where several problems have one rate. */
const PROBLEM_OF: Readonly<Record<string, ProblemId | null>> = {
  HighErrorRate: null,
  HighTimeoutRate: "timeout",
  NoProgress: "no-progress",
  RolloutStopped: "rollout",
  HealthCheckFailing: null,
  HighMemoryUsage: "high-memory",
  HighDiskUsage: "disk-filling",
  LibraryMissing: "library-missing",
  RunFailed: "run-failed",
  NoSuccessFor48h: "no-success",
  KeyRejected: "key-rejected",
  ReserveReached: "reserve-reached",
  DiskFilling: "disk-filling",
};

Deno.test("every shipped rule is as urgent as its problem, and has a page of the runbook", () => {
  const { rules } = parseAlertsConfig(BUILT_IN_RULES);
  assertEquals(rules.map(({ name }) => name).toSorted(), Object.keys(PROBLEM_OF).toSorted());
  for (const { name, severity } of rules) {
    const problem = PROBLEM_OF[name] ?? null;
    if (problem !== null) assertEquals([name, severity], [name, PROBLEMS[problem].severity]);
  }
});

Deno.test("a check whose own problem is no failure never fails with it", async () => {
  const checks = HEALTH_CHECKS.map((check) => ({
    ...check,
    run: () => Promise.reject(new Error("it cannot be measured")),
  }));
  const { checks: rows } = await runHealthChecks(placeOf("/nowhere"), { checks });
  for (const { name, status, problem } of rows) {
    assertEquals([name, status], [name, "fail"]);
    if (problem !== null) assertEquals([name, PROBLEMS[problem].severity], [name, "critical"]);
  }
});
