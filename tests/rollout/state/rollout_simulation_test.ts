import { assert, assertEquals } from "@std/assert";
import { parseRolloutPlan } from "../../../lib/rollout/mod.ts";
import { type SimulatedRollout, simulateRollout, type SimulationOptions, speedOf } from "../_simulated_rollout.ts";

const plan = parseRolloutPlan(Deno.readTextFileSync(new URL("../../../config/rollout.yml", import.meta.url)));

function simulate(
  runs: number,
  options: Pick<SimulationOptions, "failing"> & Partial<Pick<SimulationOptions, "maxDownloads" | "compare">>,
): readonly SimulatedRollout[] {
  return Array.from(
    { length: runs },
    (_, index) => simulateRollout({ maxDownloads: 20_000, compare: speedOf(1), ...options, plan, seed: index + 1 }),
  );
}

function shareOf(runs: readonly SimulatedRollout[], is: (run: SimulatedRollout) => boolean): number {
  return runs.filter(is).length / runs.length;
}

const isAborted = ({ rollout }: SimulatedRollout): boolean => rollout.state === "degraded";
const isCompleted = ({ rollout }: SimulatedRollout): boolean => rollout.state === "completed";

for (const runs of [200, 1000]) {
  Deno.test(`a rollout whose canary fails 30 % aborts within 19 canary downloads in 95 % of ${runs} runs`, () => {
    const simulated = simulate(runs, { failing: { canary: 0.3, baseline: 0.01, rest: 0.01 } });
    assertEquals(shareOf(simulated, isAborted), 1);
    const share = shareOf(simulated, ({ canary }) => canary <= 19);
    assert(share >= 0.95, `${share * 100} %`);
    for (const { rollout } of simulated) assertEquals([rollout.weight, rollout.events.at(-1)!.by], [0, "judge"]);
  });
}

Deno.test("a rollout whose canary always fails aborts after 2 canary downloads", () => {
  const simulated = simulate(100, { failing: { canary: 1, baseline: 0.01, rest: 0.01 } });
  // Once in a hundred, the first downloads of the baseline fail too.
  const least = simulated.filter(({ canary }) => canary === 2).length;
  assert(least >= 98, `${least} runs of 100`);
});

// The seeds are fixed. Of all choices of seeds, 98.7 % refuse a judge that aborts 8 %, and 99.98 % one that aborts 10 %.
Deno.test("a rollout whose canary is like the baseline, 1 % each: at most 5 % of 400 runs abort, 95 % complete", () => {
  const simulated = simulate(400, { failing: { canary: 0.01, baseline: 0.01, rest: 0.01 } });
  const aborted = shareOf(simulated, isAborted);
  const completed = shareOf(simulated, isCompleted);
  assert(aborted > 0 && aborted <= 0.05, `${aborted * 100} % aborted`);
  assert(completed >= 0.95, `${completed * 100} % completed`);
});

for (
  const { percent, runs, most } of [
    { percent: 0, runs: 100, most: 1 },
    { percent: 2, runs: 300, most: 5 },
    // Two failures of the canary in its first 11 downloads abort, as they must for a canary that fails 30 %.
    { percent: 10, runs: 150, most: 35 },
    { percent: 30, runs: 150, most: 60 },
  ]
) {
  Deno.test(`a rollout whose canary is like the baseline, ${percent} % each: at most ${most} % of ${runs} runs abort`, () => {
    const rate = percent / 100;
    const simulated = simulate(runs, { failing: { canary: rate, baseline: rate, rest: rate }, maxDownloads: 2000 });
    const aborted = 100 * shareOf(simulated, isAborted);
    assert(aborted <= most, `${aborted} % aborted`);
  });
}

Deno.test("a rollout whose canary fails 5 % aborts in each of 60 runs", () => {
  const simulated = simulate(60, { failing: { canary: 0.05, baseline: 0.01, rest: 0.01 } });
  assertEquals(shareOf(simulated, isAborted), 1);
});

Deno.test("a rollout whose canary needs half as much time again aborts in 95 % of 100 runs", () => {
  const simulated = simulate(100, { failing: { canary: 0, baseline: 0, rest: 0 }, compare: speedOf(1 / 1.5) });
  const share = shareOf(simulated, (run) => isAborted(run) && /slower by more than 25 %/.test(run.rollout.reason));
  assert(share >= 0.95, `${share * 100} %`);
});
