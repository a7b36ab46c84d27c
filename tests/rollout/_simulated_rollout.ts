import { type Random, seededRandom } from "../../lib/base/mod.ts";
import {
  applyRequest,
  type Arm,
  armOf,
  type ArmOutcome,
  bucketOf,
  IDLE_STATE,
  recordOutcomes,
  type RolloutPlan,
  type RolloutState,
  settleRollout,
} from "../../lib/rollout/mod.ts";

/** Options of {@linkcode simulateRollout}. */
export interface SimulationOptions {
  readonly plan: RolloutPlan;
  readonly seed: number;
  /** Share of failing downloads by arm. */
  readonly failing: Readonly<Record<Arm, number>>;
  /** Spread of the comparisons of the speed: the standard deviation of their logarithm. */
  readonly spread: number;
  /** Speed of the canary as a multiple of the baseline's; `null` if all files are too small to compare it. */
  readonly ratio?: number | null;
  readonly maxDownloads: number;
}

/** The end of a simulated rollout. */
export interface SimulatedRollout {
  readonly state: RolloutState;
  /** Downloads of the canary until the end. */
  readonly canary: number;
  readonly downloads: number;
}

/** Play a rollout with one download after another, ten seconds apart, until it is completed or aborted. */
export function simulateRollout(options: SimulationOptions): SimulatedRollout {
  const { plan, seed, failing, spread, ratio = 1, maxDownloads } = options;
  const random = seededRandom(seed);
  const salted = { ...plan, salt: `${plan.salt}-${seed}` };
  let now = Date.UTC(2026, 0, 1);
  let { state } = applyRequest(IDLE_STATE, { type: "start", plan: salted }, { now });
  let canary = 0;
  let downloads = 0;
  for (; downloads < maxDownloads && (state.phase === "running" || state.phase === "paused"); downloads++) {
    now += 10_000;
    // An analysis is settled by the download that is counted; only pauses end by themselves.
    if (salted.steps[state.step]?.type === "pause") state = settleRollout(state, now);
    const arm = armOf(bucketOf(`${downloads}:${seed}`, salted.salt), state.weight);
    const { attempt } = state;
    if (arm === "canary") canary++;
    if (arm !== "rest") state = recordOutcomes(state, [{ attempt, arm, outcome: roll(random, failing[arm]) }], now);
    // Two files of each engine make a comparison.
    if (arm !== "canary" || canary % 2 === 1 || ratio === null) continue;
    state = recordOutcomes(state, [{ attempt, ratio: ratio * Math.exp(spread * gaussian(random)) }], now);
  }
  return { state, canary, downloads };
}

function roll(random: Random, failing: number): ArmOutcome {
  const dice = random();
  // A third of the failures are timeouts.
  if (dice < failing) return { type: dice < failing / 3 ? "timeout" : "error" };
  return { type: "ok" };
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
