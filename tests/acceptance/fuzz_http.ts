/**
 * Compares the reader of HTTP responses with an independent oracle, over generated responses that are valid, almost
 * valid and damaged.
 *
 * Bounds: what is accepted is valid and read correctly, what is valid is accepted, everything else is refused cleanly,
 * and nothing hangs:
 * `deno run -q -P=acceptance tests/acceptance/fuzz_http.ts [--count 100000] [--seed 1]`
 *
 * @module
 */
import { runFuzz } from "../transfer/fuzz_run.ts";
import { numberFlag } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const start = performance.now();
  const figures = await runFuzz({ count: numberFlag("count", 100_000), seed: numberFlag("seed", 1) });
  const shown = { ...figures, problems: figures.problems.slice(0, 10), problemCount: figures.problems.length };
  reportFigures({ ...shown, seconds: (performance.now() - start) / 1000 }, [
    { name: "every answer read or refused as the oracle says", isMet: figures.problems.length === 0 },
    { name: "both happen often", isMet: Math.min(figures.accepted, figures.refused) > figures.count / 5 },
  ]);
}
