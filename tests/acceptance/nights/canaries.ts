/**
 * Judges 200 rollouts of a healthy engine on files of 20 KB to 200 MB, on one and on two processors; 200 of one that
 * fails 30 % of its files; and 200 of one that takes half as much time again as the stable engine. What the rollouts measure is
 * drawn from real downloads that `canaries_record.ts` recorded; a few real downloads show that the program still
 * measures the like.
 *
 * Bounds: at most 1 % of the healthy ones are aborted; at least 95 % of the failing ones within 20 files of the new
 * engine; at least 90 % of the slow ones whose files are large enough to compare them.
 * Takes three minutes: `deno run -q -P=acceptance tests/acceptance/nights/canaries.ts [--runs 200] [--samples 4]`
 *
 * @module
 */
import { seededRandom } from "../../../lib/base/mod.ts";
import { parseRolloutPlan } from "../../../lib/rollout/mod.ts";
import { median } from "../../../lib/stats/mod.ts";
import { reportFigures } from "../../helpers/report_figures.ts";
import { type SimulatedRollout, simulateRollout } from "../../rollout/_simulated_rollout.ts";
import { numberFlag, tellProgress } from "../_flag.ts";
import { type CanaryFigures, type CanaryRun, readRecords, type RecordedRun, runCanary } from "./_canary_runs.ts";

const PLAN = parseRolloutPlan(Deno.readTextFileSync(new URL("../../../config/rollout.yml", import.meta.url)));
/** Downloads after which a simulated rollout is left alone. */
const MAX_DOWNLOADS = 20_000;
/** How many times as long the slow engine takes. */
const SLOWNESS = 1.5;

interface Engine {
  /** Share of its files that fail. */
  readonly failing: number;
  /** How many times as long as the stable engine it takes; absent for the recorded engine as it is. */
  readonly slowness?: number;
}

/** A kind of library: files of one size, on so many processors. */
interface Kind {
  readonly name: string;
  readonly runs: readonly RecordedRun[];
}

function listKinds(records: readonly RecordedRun[]): readonly Kind[] {
  const kinds = Map.groupBy(
    records,
    ({ size, cores, line }) => `${size} on ${cores}${line === undefined ? "" : ` at ${line}/s`}`,
  );
  return [...kinds].map(([name, runs]) => ({ name, runs }));
}

/** Play a rollout on a library of a kind: its comparisons are drawn from the recorded ones. */
function replay({ runs }: Kind, { failing, slowness }: Engine, seed: number): SimulatedRollout {
  const recorded = runs.flatMap((run) => run.ratios);
  // A slow engine spreads around its own speed as the recorded one does, which may be faster than the stable one.
  const factor = slowness === undefined ? 1 : 1 / slowness / median(recorded);
  const ratios = recorded.map((ratio) => ratio * factor);
  const random = seededRandom(seed);
  // Recorded comparisons of a canary file, in all shares.
  const perFile = ratios.length / runs.reduce((sum, { canary }) => sum + canary, 0);
  return simulateRollout({
    plan: PLAN,
    seed,
    failing: { canary: failing, baseline: 0, rest: 0 },
    maxDownloads: MAX_DOWNLOADS,
    compare: () => random() < perFile ? ratios[Math.floor(random() * ratios.length)]! : null,
  });
}

interface Played {
  readonly kind: Kind;
  readonly end: SimulatedRollout;
}

function play(kinds: readonly Kind[], engine: Engine, runs: number): readonly Played[] {
  return Array.from({ length: runs }, (_, index) => {
    const kind = kinds[index % kinds.length]!;
    return { kind, end: replay(kind, engine, index + 1) };
  });
}

const isAborted = ({ end }: Played): boolean => end.rollout.state === "degraded";

function shareOf(played: readonly Played[], is: (one: Played) => boolean): number {
  return played.filter(is).length / played.length;
}

/** Shares by kind of library. */
function byKind(played: readonly Played[], is: (one: Played) => boolean): Readonly<Record<string, number>> {
  const groups = [...Map.groupBy(played, ({ kind }) => kind.name)];
  return Object.fromEntries(groups.map(([name, ones]) => [name, shareOf(ones, is)]));
}

/**
 * Libraries that are really downloaded. The last one's new engine waits after each read for as long as it took, so that
 * its files take some half as much time again.
 */
const SAMPLES: readonly CanaryRun[] = [
  { size: "20K", files: 200, cores: 2, share: 50 },
  { size: "20M", files: 60, cores: 1, share: 50 },
  { size: "20M", files: 60, cores: 2, share: 50 },
  { size: "20M", files: 60, cores: 2, share: 50, slowness: 2 },
];

async function sample(run: CanaryRun): Promise<CanaryFigures> {
  const folder = await Deno.makeTempDir({ dir: ".", prefix: ".canaries-" });
  try {
    return await runCanary(folder, run);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const runs = numberFlag("runs", 200);
  const kinds = listKinds(readRecords());
  const comparable = kinds.filter(({ runs: [first] }) => first!.ratios.length > 0);
  const healthy = play(kinds, { failing: 0 }, runs);
  const failing = play(kinds, { failing: 0.3 }, runs);
  const slow = play(comparable, { failing: 0, slowness: SLOWNESS }, runs);
  const isEarly = (one: Played): boolean => isAborted(one) && one.end.canary <= 20;
  const samples = [];
  for (const library of SAMPLES.slice(0, numberFlag("samples", SAMPLES.length))) {
    const { state, canary, speed } = await sample(library);
    samples.push({
      ...library,
      state,
      canary,
      slow: `${speed.slow} of ${speed.comparisons}`,
      ratio: medianOf(speed.ratios),
    });
    tellProgress(JSON.stringify(samples.at(-1)));
  }
  const figures = {
    runs,
    healthyAborted: shareOf(healthy, isAborted),
    healthyCompleted: shareOf(healthy, ({ end }) => end.rollout.state === "completed"),
    healthyByKind: byKind(healthy, isAborted),
    failingAbortedBy20: shareOf(failing, isEarly),
    slowAborted: shareOf(slow, isAborted),
    slowByKind: byKind(slow, isAborted),
    slowFilesMedian: median(slow.map(({ end }) => end.canary)),
    samples,
  };
  reportFigures(figures, [
    { name: "at most 1 % of the healthy canaries are aborted", isMet: figures.healthyAborted <= 0.01 },
    { name: "all other healthy ones are completed", isMet: figures.healthyCompleted >= 0.99 },
    { name: "95 % of those that fail 30 % are aborted within 20 files", isMet: figures.failingAbortedBy20 >= 0.95 },
    { name: "90 % of those that take half as much time again are aborted", isMet: figures.slowAborted >= 0.9 },
    {
      name: "no healthy canary of the real downloads is aborted",
      isMet: samples.every(({ slowness, state }) => slowness !== undefined || state === "running"),
    },
    {
      name: "the slow one of the real downloads is measured as slow",
      isMet: samples.every(({ slowness, ratio }) => slowness === undefined || (ratio !== null && ratio < 0.8)),
    },
  ]);
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
}
