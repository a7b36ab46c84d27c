/**
 * Real processes that leak memory, and others that do not, each watched for two minutes.
 *
 * Bounds: every process that keeps some 200 bytes a job is found, and none that drops them is accused.
 * Takes 45 minutes: `deno run -q -P=acceptance tests/acceptance/soak_leaks.ts [--runs 20] [--seconds 120]`
 *
 * @module
 */
import { runLeakFixture } from "../soak/leak_fixture.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const runs = numberFlag("runs", 20);
  const seconds = numberFlag("seconds", 120);
  const accused: string[] = [];
  const missed: string[] = [];
  for (let run = 1; run <= runs; run++) {
    const [leaky, clean] = await Promise.all([
      runLeakFixture({ how: "keep", amount: 10, seconds }),
      runLeakFixture({ how: "drop", amount: 1000, seconds }),
    ]);
    const words = (fixture: typeof leaky) => JSON.stringify(fixture.report.claims);
    if (leaky.verdicts.leak_heap !== "fail") missed.push(words(leaky));
    if (clean.verdicts.leak_heap === "fail") accused.push(words(clean));
    tellProgress(`${run} of ${runs}: leaky ${leaky.verdicts.leak_heap}, clean ${clean.verdicts.leak_heap}`);
  }
  reportFigures({ runs, seconds, accused, missed }, [
    { name: "no healthy process is accused", isMet: accused.length === 0 },
    { name: "every leak is found", isMet: missed.length === 0 },
  ]);
}
