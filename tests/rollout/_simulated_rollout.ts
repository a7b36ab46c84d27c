import { type Random, seededRandom } from "../../lib/base/mod.ts";
import {
  applyRequest,
  type Arm,
  armOf,
  type ArmOutcome,
  bucketOf,
  IDLE_ROLLOUT,
  recordOutcomes,
  type RolloutPlan,
  type RolloutRecord,
  settleRollout,
} from "../../lib/rollout/mod.ts";

/** Options of {@linkcode simulateRollout}. */
export interface SimulationOptions {
  readonly plan: RolloutPlan;
  readonly seed: number;
  /** Share of failing downloads by arm. */
  readonly failing: Readonly<Record<Arm, number>>;
  /** Called after each canary file: the result of a comparison of the speed that it completes, `null` if none. */
  readonly compare: (random: Random, file: number) => number | null;
  readonly maxDownloads: number;
}

/** The end of a simulated rollout. */
export interface SimulatedRollout {
  readonly rollout: RolloutRecord;
  /** Downloads of the canary until the end. */
  readonly canary: number;
  readonly downloads: number;
}

/** Play a rollout with one download after another, ten seconds apart, until it is completed or aborted. */
export function simulateRollout(options: SimulationOptions): SimulatedRollout {
  const { plan, seed, failing, compare, maxDownloads } = options;
  const random = seededRandom(seed);
  const salted = { ...plan, salt: `${plan.salt}-${seed}` };
  let now = Date.UTC(2026, 0, 1);
  let { rollout } = applyRequest(IDLE_ROLLOUT, { type: "start", plan: salted }, { now });
  let canary = 0;
  let downloads = 0;
  for (; downloads < maxDownloads && (rollout.state === "running" || rollout.state === "paused"); downloads++) {
    now += 10_000;
    // An analysis is settled by the download that is counted; only pauses end by themselves.
    if (salted.steps[rollout.step]?.type === "pause") rollout = settleRollout(rollout, now);
    const arm = armOf(bucketOf(`${downloads}:${seed}`, salted.salt), rollout.weight);
    const { attempt } = rollout;
    if (arm === "canary") canary++;
    if (arm !== "rest") rollout = recordOutcomes(rollout, [{ attempt, arm, outcome: roll(random, failing[arm]) }], now);
    const ratio = arm === "canary" ? compare(random, canary) : null;
    if (ratio !== null) rollout = recordOutcomes(rollout, [{ attempt, ratio }], now);
  }
  return { rollout, canary, downloads };
}

function roll(random: Random, failing: number): ArmOutcome {
  const dice = random();
  // A third of the failures are timeouts.
  if (dice < failing) return { type: dice < failing / 3 ? "timeout" : "error" };
  return { type: "ok" };
}

/**
 * Comparisons as real downloads of large files give them.
 *
 * @param ratio Speed of the canary as a multiple of the baseline's
 * @returns What `simulateRollout` compares
 */
export function speedOf(ratio: number): SimulationOptions["compare"] {
  // Two files of each engine make a comparison. The spread is rather more than that of real downloads.
  return (random, file) => file % 2 === 0 ? ratio * Math.exp(0.25 * gaussian(random)) : null;
}

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
