/**
 * How often each judge errs, at the sample that its condition in config/phases.yml asks for: rates exactly, from the sum
 * over all counts; the others by simulated sessions with fixed seeds, whose runs vary by 5 %.
 *
 * Bounds: a sound product fails in at most 1 %, a faulty one in at least 97 %. Takes some minutes:
 * `deno run -q -P=acceptance tests/acceptance/judges.ts [--trials 1000]`
 *
 * @module
 */
import { type GateConfig, parseGateConfig, parseRequirement } from "../../lib/gate/mod.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { numberFlag } from "./_flag.ts";
import {
  countShares,
  judgeCounts,
  judgeMemory,
  judgeRatio,
  judgeRatios,
  judgeRollout,
  type JudgeShares,
  judgeTenLoads,
  randomFor,
  sharesOfRate,
} from "./_judge_trials.ts";
import { judgeImprovedRun, judgePairedRun, type PairSession } from "./_paired_rounds.ts";

/** A judge, and how it judges a product whose truth is known. */
interface JudgeRow extends JudgeShares {
  /** The condition of config/phases.yml, or the judge of another command. */
  readonly judge: string;
  /** What is true of the product. */
  readonly truth: string;
  /** Whether that truth is what the condition asks for. */
  readonly isSound: boolean;
}

/** Largest share of sound products that may fail. */
const MAX_FALSE_FAILS = 0.01;
/** Smallest share of faulty products that must fail. */
const MIN_POWER = 0.97;
/** Pairs that a fault hits in a round of `paired-stability`. */
const HIT_A_ROUND = 21;
/** The conditions on rates. */
const RATES = ["timeout-rate", "recovery-rate", "success-rate", "concurrency-error-rate"];
/** The times of `benchmark-compare --downloads`. */
const BENCHMARKS = 12;

if (import.meta.main) {
  const trials = numberFlag("trials", 1000);
  const config = parseGateConfig(await Deno.readTextFile(new URL("../../config/phases.yml", import.meta.url)));
  const rows = [
    ...rateRows(config),
    ...ratioRows(trials),
    ...familyRows(config, trials),
    ...leakRows(trials),
    ...stageRows(trials),
    ...pairRows(config, trials),
    ...loadRows(trials),
  ];
  for (const row of rows) Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(row)}\n`));
  reportFigures(
    { rows: rows.length },
    rows.map((row) => ({ name: `${row.judge}: ${row.truth}`, isMet: isMet(row) })),
  );
}

/** Whether a judge errs no more often than permitted. */
function isMet({ isSound, fail }: JudgeRow): boolean {
  return isSound ? fail <= MAX_FALSE_FAILS : fail >= MIN_POWER;
}

/** Each rate, at the sample that its condition asks for, with the smallest multiple of its limit that this refutes. */
function rateRows(config: GateConfig): readonly JudgeRow[] {
  return config.phases.at(-1)!.conditions.flatMap(({ id, source, require, minCount }) => {
    if (source.type === "check" || !RATES.includes(id) || require === null) return [];
    // A rate above a limit is the complement of one below.
    const limit = require.op.startsWith("<") ? require.value : 1 - require.value;
    // 300 silences are about the fewest that prove 1 %: they refute five times as many, the other samples twice.
    const faulty = id === "timeout-rate" ? 5 * limit : 2 * limit;
    return [{ rate: limit / 5, isSound: true }, { rate: faulty, isSound: false }].map(({ rate, isSound }) => ({
      judge: id,
      truth: `${percent(rate)} of ${minCount} fail, ${percent(limit)} may`,
      isSound,
      ...sharesOfRate(rate, minCount, limit),
    }));
  });
}

function ratioRows(trials: number): readonly JudgeRow[] {
  const cases = [
    { judge: "speed-up", require: ">= 1.20", truths: [[1.4, true], [1, false]] },
    { judge: "speed-up-final", require: ">= 2.00", truths: [[2.4, true], [1.7, false]] },
    { judge: "speed-up-over-phase-3", require: "> 1.50", truths: [[1.8, true], [1.25, false]] },
  ] as const;
  return cases.flatMap(({ judge, require, truths }) =>
    truths.map(([times, isSound]) => {
      const random = randomFor(`${judge} ${times}`);
      const session = { random, runs: 10, ratio: 1 / times, variation: 0.05 };
      const judgeOnce = () => judgeRatio(session, { claim: "speedUp", require: parseRequirement(require) });
      return { judge, truth: `${times} times as fast`, isSound, ...countShares(trials, judgeOnce) };
    })
  );
}

function familyRows(config: GateConfig, trials: number): readonly JudgeRow[] {
  const { minCount, require } = config.phases.at(-1)!.conditions.find(({ id }) => id === "no-regression")!;
  return [1, 1.1].map((ratio) => {
    const random = randomFor(`no-regression ${ratio}`);
    const session = { random, ratio, variation: 0.05, benchmarks: BENCHMARKS, runs: minCount };
    return {
      judge: "no-regression",
      truth: ratio === 1 ? "equal code" : "one takes 1.10 times as long",
      isSound: ratio === 1,
      ...countShares(Math.ceil(trials / 4), () => judgeRatios(session, require)),
    };
  });
}

function leakRows(trials: number): readonly JudgeRow[] {
  const noise = { noiseBytes: 150_000, warmUpBytes: 1.3 * 2 ** 20 };
  const dayLeak = 64 * 2 ** 20 / 24;
  const memory = [{ leakPerHour: 0, isSound: true }, { leakPerHour: dayLeak, isSound: false }].map(
    ({ leakPerHour, isSound }) => {
      const random = randomFor(`leak ${leakPerHour}`);
      return {
        judge: "no-leak",
        truth: isSound ? "a warm-up of 1.3 MiB" : "64 MiB a day are kept, 32 may",
        isSound,
        // A fit of hundreds of points takes a tenth of a second.
        ...countShares(Math.ceil(trials / 20), () => judgeMemory({ random, hours: 4, leakPerHour, ...noise })),
      };
    },
  );
  const counts = [{ leakPerDay: 0, isSound: true }, { leakPerDay: 200, isSound: false }].map(
    ({ leakPerDay, isSound }) => {
      const random = randomFor(`handles ${leakPerDay}`);
      return {
        judge: "no-leak",
        truth: isSound ? "none is kept" : "200 a day are kept, 100 may",
        isSound,
        ...countShares(Math.ceil(trials / 20), () => judgeCounts({ random, hours: 4, leakPerDay })),
      };
    },
  );
  return [...memory, ...counts];
}

/** `load`: the exact bound of right files, and the sign test of the median speed. */
function loadRows(trials: number): readonly JudgeRow[] {
  const cases = [
    { truth: "100 MB/s, 0.1 % of the files are wrong", isSound: true, megabytesPerSecond: 100, wrong: 0.001 },
    { truth: "100 MB/s, 1 % are wrong, 0.5 % may", isSound: false, megabytesPerSecond: 100, wrong: 0.01 },
    { truth: "45 MB/s, at least 50 are asked for", isSound: false, megabytesPerSecond: 45, wrong: 0.001 },
  ];
  return cases.map(({ truth, isSound, ...load }) => {
    const random = randomFor(`load ${truth}`);
    return {
      judge: "load",
      truth,
      isSound,
      ...countShares(trials, () => judgeTenLoads({ random, ...load })),
    };
  });
}

function stageRows(trials: number): readonly JudgeRow[] {
  const cases = [
    { canary: 0.005, baseline: 0.005, speed: 1, isSound: true, truth: "both arms fail 0.5 %" },
    { canary: 0.01, baseline: 0.01, speed: 1, isSound: true, truth: "both arms fail 1 %" },
    { canary: 0.1, baseline: 0.01, speed: 1, isSound: false, truth: "the canary fails 10 %, the baseline 1 %" },
  ];
  return cases.map(({ isSound, truth, ...session }) => {
    const random = randomFor(truth);
    return {
      judge: "rollout",
      truth,
      isSound,
      ...countShares(trials, () => judgeRollout({ random, ...session })),
    };
  });
}

function pairRows(config: GateConfig, trials: number): readonly JudgeRow[] {
  const cases = [
    { judge: "stability-kept", truth: "equal profiles", isSound: true },
    { judge: "stability-kept", truth: "0.4 points more downloads fail", isSound: false, worse: 0.004 },
    { judge: "stability-kept", truth: "0.4 points more of those hit fail", isSound: false, worseOfHit: 0.004 },
    { judge: "stability-kept", truth: "silence takes 1.10 times as long", isSound: false, slower: 1.1 },
    { judge: "stability-improved", truth: "silence takes half as long", isSound: true, slower: 0.5 },
    { judge: "stability-improved", truth: "equal profiles", isSound: false },
  ];
  return cases.map(({ judge, truth, isSound, ...session }) => {
    const { minCount } = config.phases.at(-1)!.conditions.find(({ id }) => id === judge)!;
    const rounds = Math.ceil(minCount / HIT_A_ROUND);
    const random = randomFor(`${judge} ${truth}`);
    const judgeRun = (options: PairSession) =>
      judge === "stability-kept" ? judgePairedRun(options) : judgeImprovedRun(options);
    return {
      judge,
      truth,
      isSound,
      // A bootstrap of a hundred thousand times takes a third of a second.
      ...countShares(Math.ceil(trials / 10), () => judgeRun({ random, rounds, ...session })),
    };
  });
}

/** Format a share as a percentage. */
function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
