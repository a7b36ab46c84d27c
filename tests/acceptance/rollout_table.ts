/**
 * Simulates rollouts over the shipped steps, and prints the table of `docs/rollout.md`.
 *
 * Bounds: of 1000 rollouts whose canary fails 30 % and whose baseline fails 1 %, 95 % abort after 19 canary downloads or
 * fewer; if both fail 1 %, at most 5 % abort and 95 % complete; if both fail 2 %, at most 5 % abort.
 * Takes ten minutes: `deno run -q -P=acceptance tests/acceptance/rollout_table.ts [--runs 1000]`
 *
 * @module
 */
import { parseRolloutPlan } from "../../lib/rollout/mod.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { simulateRollout, speedOf } from "../rollout/_simulated_rollout.ts";
import { numberFlag, tellProgress } from "./_flag.ts";

interface Case {
  readonly canary: number;
  readonly baseline: number;
  /** Speed of the canary as a multiple of the baseline's. */
  readonly ratio?: number;
  /** Downloads after which a simulated rollout is left alone. */
  readonly maxDownloads?: number;
}

/** The rows. Rollouts whose host fails are left alone after 5000 downloads: they hold until the host is well. */
const CASES: readonly Case[] = [
  { canary: 1, baseline: 0.01 },
  { canary: 0.3, baseline: 0.01 },
  { canary: 0.05, baseline: 0.01 },
  { canary: 0, baseline: 0 },
  { canary: 0.01, baseline: 0.01 },
  { canary: 0.02, baseline: 0.02 },
  { canary: 0.1, baseline: 0.1, maxDownloads: 5000 },
  { canary: 0.3, baseline: 0.3, maxDownloads: 5000 },
  { canary: 0.01, baseline: 0.01, ratio: 1 / 1.25 },
  { canary: 0.01, baseline: 0.01, ratio: 1 / 1.5 },
  { canary: 0.01, baseline: 0.01, ratio: 1 / 2 },
];

interface Row extends Case {
  readonly runs: number;
  readonly aborted: number;
  readonly completed: number;
  readonly abortedBy19: number;
  readonly median: number;
  readonly p95: number;
}

function simulate(one: Case, runs: number): Row {
  const { canary, baseline, ratio = 1, maxDownloads = 20_000 } = one;
  const plan = parseRolloutPlan(Deno.readTextFileSync(new URL("../../config/rollout.yml", import.meta.url)));
  const failing = { canary, baseline, rest: baseline };
  const ends = Array.from({ length: runs }, (_, index) => (
    simulateRollout({ plan, seed: index + 1, failing, compare: speedOf(ratio), maxDownloads })
  ));
  const downloads = ends.map((end) => end.canary).toSorted((a, b) => a - b);
  const share = (is: (end: typeof ends[number]) => boolean): number => ends.filter(is).length / runs;
  return {
    ...one,
    runs,
    aborted: share(({ rollout }) => rollout.state === "degraded"),
    completed: share(({ rollout }) => rollout.state === "completed"),
    abortedBy19: share((end) => end.rollout.state === "degraded" && end.canary <= 19),
    median: downloads[Math.floor(runs / 2)]!,
    p95: downloads[Math.ceil(runs * 0.95) - 1]!,
  };
}

function toLine({ canary, baseline, ratio = 1, runs, aborted, completed, median, p95 }: Row): string {
  const percent = (share: number): string => `${+(100 * share).toFixed(1)} %`;
  const throughput = ratio === 1 ? "equal" : `× ${+ratio.toFixed(2)}`;
  const cells = [
    percent(canary),
    percent(baseline),
    throughput,
    runs,
    percent(aborted),
    percent(completed),
    median,
    p95,
  ];
  return `| ${cells.join(" | ")} |`;
}

if (import.meta.main) {
  const runs = numberFlag("runs", 1000);
  const rows = CASES.map((one) => {
    const row = simulate(one, runs);
    tellProgress(toLine(row));
    return row;
  });
  const find = (canary: number, baseline: number): Row => (
    rows.find((row) => row.canary === canary && row.baseline === baseline && row.ratio === undefined)!
  );
  const bad = find(0.3, 0.01);
  const same = find(0.01, 0.01);
  const noisy = find(0.02, 0.02);
  reportFigures({ rows }, [
    { name: "30 % of failures abort after 19 canary downloads or fewer in 95 %", isMet: bad.abortedBy19 >= 0.95 },
    {
      name: "at most 5 % abort if both fail 1 %, and 95 % complete",
      isMet: same.aborted <= 0.05 && same.completed >= 0.95,
    },
    { name: "at most 5 % abort if both fail 2 %", isMet: noisy.aborted <= 0.05 },
  ]);
}
