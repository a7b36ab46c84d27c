import { type GateConfig, parseRequirement } from "../../lib/gate/mod.ts";
import {
  countShares,
  judgeCounts,
  judgeFamily,
  judgeMemory,
  judgeRatio,
  judgeRatios,
  judgeRollout,
  type JudgeShares,
  judgeTenLoads,
  randomFor,
  sharesOfRate,
  trialsForPower,
} from "../helpers/simulation/judge_trials.ts";
import { judgeImprovedRun, judgePairedRun, type PairSession } from "../helpers/simulation/paired_rounds.ts";

/** A judge at a sample size, and how it judges a product whose truth is known. */
export interface JudgeRow extends JudgeShares {
  /** The condition of config/phases.yml, or the judge of another command. */
  readonly judge: string;
  readonly statistic: string;
  readonly sample: string;
  /** What is true of the product. */
  readonly truth: string;
  /** Whether that truth is what the condition asks for. */
  readonly isSound: boolean;
}

/** Largest share of sound products that may fail. */
export const MAX_FALSE_FAILS = 0.01;
/** Smallest share of faulty products that must fail. */
export const MIN_POWER = 0.97;

/** Whether a judge errs no more often than permitted. */
export function isMet({ isSound, fail }: JudgeRow): boolean {
  return isSound ? fail <= MAX_FALSE_FAILS : fail >= MIN_POWER;
}

/**
 * Compute the rows of all judges.
 *
 * @param config The conditions, which have the sample sizes
 * @param trials Number of simulated sessions per row; rates are computed exactly
 * @param kinds The kinds of rows
 */
export function judgeRows(
  config: GateConfig,
  trials: number,
  kinds: readonly JudgeKind[] = JUDGE_KINDS,
): readonly JudgeRow[] {
  return kinds.flatMap((kind) => ROWS[kind](config, trials));
}

const ROWS = {
  rates: rateRows,
  ratios: (_: GateConfig, trials: number) => ratioRows(trials),
  family: (_: GateConfig, trials: number) => familyRows(trials),
  leaks: (_: GateConfig, trials: number) => leakRows(trials),
  rollout: (_: GateConfig, trials: number) => stageRows(trials),
  pairs: pairRows,
  load: (_: GateConfig, trials: number) => loadRows(trials),
};

/** Kinds of rows, which can be computed one by one. */
export type JudgeKind = keyof typeof ROWS;

/** All kinds of rows, in the order of the table. */
export const JUDGE_KINDS = Object.keys(ROWS) as readonly JudgeKind[];

/**
 * Each rate, at the sample that its condition asks for. If that has too little power, also with a truth that it refutes,
 * and at a sample that has enough.
 */
export function rateRows(config: GateConfig): readonly JudgeRow[] {
  return config.phases.at(-1)!.conditions.flatMap(({ id, source, require, minCount }) => {
    if (source.type === "check" || source.judge !== "rate" || require === null) return [];
    // A rate above a limit is the complement of one below.
    const limit = require.op.startsWith("<") ? require.limit : 1 - require.limit;
    const enough = trialsForPower(limit, MIN_POWER);
    const truths = [{ rate: limit / 5, isSound: true }, { rate: 2 * limit, isSound: false }];
    const samples = enough <= minCount ? [{ count: minCount, truths }] : [
      { count: minCount, truths: [...truths, { rate: refutedRate(minCount, limit), isSound: false }] },
      { count: enough, truths },
    ];
    return samples.flatMap(({ count, truths }) =>
      truths.map(({ rate, isSound }) => ({
        judge: id,
        statistic: "exact bound of a rate",
        sample: `${grouped(count)} trials`,
        truth: `${percent(rate)} fail, ${percent(limit)} may`,
        isSound,
        ...sharesOfRate(rate, count, limit),
      }))
    );
  });
}

/** The smallest multiple of a limit that so many trials refute often enough. */
function refutedRate(count: number, limit: number): number {
  let rate = 2 * limit;
  while (sharesOfRate(rate, count, limit).fail < MIN_POWER) rate += limit;
  return rate;
}

function ratioRows(trials: number): readonly JudgeRow[] {
  const cases = [
    { judge: "speed-up", claim: "speedUp", require: ">= 1.20", runs: 10, truths: [[1 / 1.4, true], [1, false]] },
    {
      judge: "speed-up-final",
      claim: "speedUp",
      require: ">= 2.00",
      runs: 10,
      truths: [[1 / 2.4, true], [1 / 1.7, false]],
    },
    {
      judge: "speed-up-over-phase-3",
      claim: "speedUp",
      require: "> 1.50",
      runs: 10,
      truths: [[1 / 1.8, true], [1 / 1.25, false]],
    },
  ] as const;
  return cases.flatMap(({ judge, claim, require, runs, truths }) =>
    truths.map(([ratio, isSound]) => {
      const truth = `${(1 / ratio).toFixed(2)} times as fast`;
      const random = randomFor(`${judge} ${runs} ${ratio}`);
      return {
        judge,
        statistic: "interval of a ratio",
        sample: `${runs} runs a side, variation 5 %`,
        truth,
        isSound,
        ...countShares(
          trials,
          () => judgeRatio({ random, runs, ratio, variation: 0.05 }, { claim, require: parseRequirement(require) }),
        ),
      };
    })
  );
}

/** The times of `benchmark-compare --downloads`. */
const BENCHMARKS = 12;

/** `no-regression` at the runs that it asks for, and at fewer; and the judge of `benchmark-compare` itself. */
export function familyRows(trials: number): readonly JudgeRow[] {
  const require = parseRequirement("< 1.05");
  const families = [
    { judge: "no-regression", statistic: "rank test against 1.05, by Holm", runs: 50 },
    { judge: "no-regression", statistic: "rank test against 1.05, by Holm", runs: 80 },
    { judge: "benchmark-compare", statistic: "rank test, by Holm", runs: 30 },
  ];
  const truths = [{ ratio: 1, isSound: true }, { ratio: 1.1, isSound: false }];
  return families.flatMap(({ judge, statistic, runs }) =>
    truths.map(({ ratio, isSound }) => {
      const random = randomFor(judge === "no-regression" ? `ratios ${runs} ${ratio}` : `family ${ratio}`);
      const session = { random, runs, ratio, variation: 0.05, benchmarks: BENCHMARKS };
      const judgeOnce = judge === "no-regression" ? () => judgeRatios(session, require) : () => judgeFamily(session);
      return {
        judge,
        statistic,
        sample: `${BENCHMARKS} benchmarks, ${runs} runs a side`,
        truth: isSound ? "equal code" : "one takes 1.10 times as long",
        isSound,
        ...countShares(Math.ceil(trials / 4), judgeOnce),
      };
    })
  );
}

export function leakRows(trials: number): readonly JudgeRow[] {
  const noise = { noiseBytes: 150_000, warmUpBytes: 1.3 * 2 ** 20 };
  const dayLeak = 64 * 2 ** 20 / 24;
  const memory = [{ leakPerHour: 0, isSound: true }, { leakPerHour: dayLeak, isSound: false }].map(
    ({ leakPerHour, isSound }) => {
      const random = randomFor(`leak ${leakPerHour}`);
      return {
        judge: "no-leak",
        statistic: "slope of memory",
        sample: "4 h, 360 measurements",
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
        statistic: "slope of open files, of timers",
        sample: "4 h, 360 measurements",
        truth: isSound ? "none is kept" : "200 a day are kept, 100 may",
        isSound,
        ...countShares(Math.ceil(trials / 20), () => judgeCounts({ random, hours: 4, leakPerDay })),
      };
    },
  );
  return [...memory, ...counts];
}

/** `load`: the exact bound of right files, and the sign test of the median speed. */
export function loadRows(trials: number): readonly JudgeRow[] {
  const cases = [
    { truth: "100 MB/s, 0.1 % of the files are wrong", isSound: true, megabytesPerSecond: 100, wrong: 0.001 },
    { truth: "100 MB/s, 1 % are wrong, 0.5 % may", isSound: false, megabytesPerSecond: 100, wrong: 0.01 },
    { truth: "45 MB/s, at least 50 are asked for", isSound: false, megabytesPerSecond: 45, wrong: 0.001 },
  ];
  return cases.map(({ truth, isSound, ...load }) => {
    const random = randomFor(`load ${truth}`);
    return {
      judge: "load",
      statistic: "bound of a rate, sign test of a median",
      sample: "10 runs of 10 000 files, variation 5 %",
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
    { canary: 0.05, baseline: 0.01, speed: 1, isSound: false, truth: "the canary fails 5 %, the baseline 1 %" },
    { canary: 0.1, baseline: 0.01, speed: 1, isSound: false, truth: "the canary fails 10 %, the baseline 1 %" },
  ];
  return cases.map(({ isSound, truth, ...session }) => {
    const random = randomFor(truth);
    return {
      judge: "rollout",
      statistic: "sequential test",
      sample: "each stage, at most 1 000 downloads",
      truth,
      isSound,
      ...countShares(trials, () => judgeRollout({ random, ...session })),
    };
  });
}

/** Pairs that a fault hits in a round of `paired-stability`. */
const HIT_A_ROUND = 21;

export function pairRows(config: GateConfig, trials: number): readonly JudgeRow[] {
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
      statistic: "paired differences",
      sample: `${grouped(rounds)} rounds, ${grouped(minCount)} hit`,
      truth,
      isSound,
      // A bootstrap of a hundred thousand times takes a third of a second.
      ...countShares(Math.ceil(trials / 10), () => judgeRun({ random, rounds, ...session })),
    };
  });
}

/** Draw the table of docs/gate.md. */
export function drawJudgeRows(rows: readonly JudgeRow[]): string {
  const head = ["Judge", "Statistic", "Sample", "Truth", "Fails", "Passes", ""];
  return [head, head.map((_, index) => index === 4 || index === 5 ? "--:" : "---")]
    .map((cells) => `| ${cells.join(" | ")} |`).concat(drawLines(rows)).join("\n");
}

/**
 * Replace the lines of some judges in a table that was drawn before, and keep the others.
 *
 * @param table The table as it is in the document
 * @param rows All rows of these judges
 */
export function replaceJudgeRows(table: string, rows: readonly JudgeRow[]): string {
  const judges = new Set(rows.map(({ judge }) => judge));
  const lines = table.split("\n");
  const isReplaced = (line: string) => judges.has(line.split("|")[1]?.trim().replaceAll("`", "") ?? "");
  const first = lines.findIndex(isReplaced);
  const kept = lines.filter((line) => !isReplaced(line));
  const place = first === -1 ? kept.length : first;
  return [...kept.slice(0, place), ...drawLines(rows), ...kept.slice(place)].join("\n");
}

function drawLines(rows: readonly JudgeRow[]): readonly string[] {
  return rows.map((row) => [
    row.judge.includes(" ") ? row.judge : `\`${row.judge}\``,
    row.statistic,
    row.sample,
    row.truth,
    percent(row.fail),
    percent(row.pass),
    isMet(row) ? "" : row.isSound ? "too often" : "too rarely",
  ]).map((cells) => `| ${cells.join(" | ")} |`);
}

/** Format a share with three significant digits, and never round it to 0 or 100 %. */
function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  if (share < 0.0001) return "< 0.01 %";
  if (share > 0.9999) return "> 99.99 %";
  const digits = share > 0.99 || share < 0.001 ? 2 : share < 0.1 ? 1 : 1;
  return `${Number((share * 100).toFixed(digits))} %`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, " ");
}
