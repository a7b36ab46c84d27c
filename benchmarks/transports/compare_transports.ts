import { formatSize } from "../../lib/base/mod.ts";
import type { SideRuns } from "../../lib/bench/mod.ts";
import { chartOf, type PeerMeasurement, type PeerTarget, ratioCriterion } from "../peers/mod.ts";
import type { Comparison } from "./comparisons.ts";
import { runSpecs } from "./run_specs.ts";
import { nameOfSpec } from "./side_spec.ts";

/** An alternative must take less than this share of the chosen way's time to be worth a change. */
const WORTH_A_CHANGE = 0.9;
/** The chosen way may take this many times as long as one that does less. */
const NEAR_THE_BOUND = 1.5;

/**
 * Build a target for each comparison. It is met if no alternative takes less than 0.9 of the chosen way's time, and the
 * chosen way takes at most 1.5 times as long as one that does less. All sides of all comparisons take turns in one run,
 * and a side that occurs several times runs once.
 */
export function transportTargets(comparisons: readonly Comparison[], bytes: number): readonly PeerTarget[] {
  const specs = comparisons.flatMap(({ chosen, others }) => [chosen, ...others].map(({ spec }) => spec));
  return comparisons.map((comparison) => ({
    id: comparison.id,
    title: comparison.title,
    async measure(bench) {
      const runs = await bench.once("transport runs", () => runSpecs(bench, specs, bytes));
      return present(comparison, runs, bytes);
    },
  }));
}

function present(comparison: Comparison, all: ReadonlyMap<string, SideRuns>, bytes: number): PeerMeasurement {
  const { chosen, others, notes = [] } = comparison;
  const ours = `ours: ${chosen.label}`;
  const runs = [{ ...all.get(nameOfSpec(chosen.spec))!, name: ours }];
  runs.push(...others.map(({ label, spec }) => ({ ...all.get(nameOfSpec(spec))!, name: label })));
  const failed = runs.filter(({ problem }) => problem !== null).map(({ name, problem }) => `${name}: ${problem}`);
  return {
    runs,
    workload: `${
      formatSize(bytes)
    } of random bytes from nginx on loopback, to the end of the process that fetches them.`,
    criteria: others.map(({ label, isBound }) =>
      isBound
        ? ratioCriterion(runs, { of: ours, to: label, limit: NEAR_THE_BOUND })
        : ratioCriterion(runs, { of: label, to: ours, direction: "at least", limit: WORTH_A_CHANGE })
    ),
    charts: [
      chartOf(runs, { title: "Wall time", metric: "seconds", unit: "seconds" }),
      chartOf(runs, { title: "Processor time per GiB", metric: "cpuSecondsPerGib", unit: "seconds per GiB" }),
    ],
    notes: [...notes, ...failed],
  };
}
