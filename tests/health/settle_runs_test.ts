import { assertEquals } from "@std/assert";
import type { HealthRow } from "../../lib/health/mod.ts";
import { findCause } from "../../lib/health/find_cause.ts";
import { settleRuns } from "../../lib/health/settle_runs.ts";

const row = (name: string, parts: Partial<HealthRow>): HealthRow => ({
  name,
  status: "ok",
  problem: null,
  measured: `${name} measured`,
  remedy: null,
  afterwards: null,
  advice: null,
  ja: { name, measured: `${name} の結果`, advice: null },
  figures: {},
  durationMs: 0,
  ...parts,
});
const run = (problem: HealthRow["problem"]): HealthRow =>
  row("runs", { status: "fail", problem, remedy: "civitai-dl download", advice: "create a new API key" });

for (
  const [problem, check] of [["key-rejected", "key"], ["reserve-reached", "disk"], [
    "library-missing",
    "library",
  ]] as const
) {
  Deno.test(`settleRuns() says no longer that a run ended by ${problem} once the check ${check} is well`, () => {
    const cause = findCause(settleRuns([row(check, {}), run(problem)]));
    assertEquals([cause?.problem, cause?.remedy], ["run-failed", "civitai-dl download"]);
    assertEquals(
      cause?.advice,
      `what ended it is over (${check}: ${check} measured): it resumes where the last run stopped`,
    );
    const still = settleRuns([row(check, { status: "fail", problem }), run(problem)]);
    assertEquals(still[1], run(problem));
    // With --only runs, nobody has looked.
    assertEquals(settleRuns([run(problem)]), [run(problem)]);
  });
}

Deno.test("settleRuns() leaves an outage alone, which no check measures for the run", () => {
  const rows = [row("api", {}), row("storage", {}), run("no-progress")];
  assertEquals(settleRuns(rows), rows);
});
