import { formatDuration, formatSize } from "../lib/base/mod.ts";
import {
  type DownloadResult,
  failureHints,
  type ItemOutcome,
  type ListingProof,
  type RunSummary,
  type SizedPlan,
  type UnreadableData,
  type UnreadableItem,
} from "../lib/downloader/mod.ts";

/**
 * Write a plan for a person.
 *
 * @param plan The plan
 * @returns Some lines
 */
export function renderPlan(plan: SizedPlan): string {
  const { wanted, there, refused, collisions, problems } = plan;
  const lines = [
    `Plan: ${wanted.files} model files and ${wanted.images} images to fetch, about ${formatSize(wanted.bytes)}`,
    `  from ${plan.models} models with ${plan.versions} chosen versions${
      plan.resumes ? ", going on with an earlier run" : ""
    }`,
    `  already there: ${there.count} (${formatSize(there.bytes)})`,
    `  disk: ${formatSize(plan.freeBytes)} free, ${formatSize(plan.reserveBytes)} of it kept in reserve`,
  ];
  const roomBytes = Math.max(0, plan.freeBytes - plan.reserveBytes);
  if (plan.wanted.bytes > roomBytes) {
    lines.push(`  not all of it fits: ${formatSize(roomBytes)} may be used, and what fits is fetched`);
  }
  if (plan.nothing !== null) lines.push(`  nothing is wanted: ${plan.nothing}`);
  const refusals = Object.entries(refused);
  if (refusals.length > 0) {
    lines.push(`  not to be had now: ${refusals.map(([outcome, count]) => `${count} ${outcome}`).join(", ")}`);
    lines.push(...plan.reasons.slice(0, 5).map((reason) => `    ${reason}`));
  }
  if (collisions > 0) {
    lines.push(
      `  names given twice: ${collisions}`,
      ...plan.collisionExamples.slice(0, 5).map((line) => `    ${line}`),
    );
  }
  const { unreadable } = plan;
  if (unreadable.count > 0) {
    lines.push(
      `  cannot be read, and are skipped: ${unreadable.count} entries of the API's answers`,
      ...listUnreadable(unreadable, 5).map((line) => `    ${line}`),
    );
  }
  for (const problem of problems.slice(0, MAX_PROBLEMS)) lines.push(`  problem: ${problem.target}: ${problem.message}`);
  if (problems.length > MAX_PROBLEMS) lines.push(`  and ${problems.length - MAX_PROBLEMS} more, see --json`);
  return lines.join("\n");
}

/** Problems that are shown one by one. */
const MAX_PROBLEMS = 10;

/** A listing that broke off has brought something before. */
function sayProblem(plan: SizedPlan, problem: SizedPlan["problems"][number]): string {
  const { target, message } = problem;
  const isPart = (plan.listings[target]?.seen ?? 0) > 0;
  return `${isPart ? "Planned in part" : "Not planned"}: ${target}: ${message}`;
}

const ORDER: readonly ItemOutcome[] = [
  "done",
  "already there",
  "early-access",
  "login",
  "forbidden",
  "archived",
  "removed",
  "disabled",
  "region",
  "failed",
  "quarantined",
];

/** How outcomes are called in the summary. */
const WORDS: Partial<Record<ItemOutcome, string>> = {
  login: "login needed",
  region: "region-blocked",
  disabled: "downloads disabled",
  "early-access": "early access",
};

/**
 * Write the proof of a listing.
 *
 * @param target Whose listing it is
 * @param proof What the API counts, and what we saw; some creators are not counted
 * @returns One line
 */
export function sayListing(target: string, proof: ListingProof): string {
  const { apiCount, seen, missing } = proof;
  const why = missing === null ? "" : `; ${missing}`;
  if (apiCount === null) return `${target}: the API does not count the models, its listing has ${seen}${why}`;
  return `${target}: the API counts ${apiCount} models, we have ${seen}${why}`;
}

/**
 * Write which entry of an answer cannot be read.
 *
 * @param entry The entry, where it stands, and why
 * @returns One line
 */
export function sayUnreadable({ target, name, reason }: Pick<UnreadableItem, "target" | "name" | "reason">): string {
  return `${target}: ${name}: ${reason}`;
}

function listUnreadable({ count, entries }: UnreadableData, most: number): readonly string[] {
  const shown = entries.slice(0, most).map(sayUnreadable);
  return count === shown.length ? shown : [...shown, `and ${count - shown.length} more, see --json`];
}

/** A download as it is shown. */
export interface ShownDownload extends DownloadResult {
  /** Whether the plan was refused at the prompt, where it was shown. */
  readonly declined: boolean;
}

/**
 * Write the end of a run for a person.
 *
 * @param result Plan and run
 * @returns Some lines
 */
export function renderDownload(result: ShownDownload): string {
  const { plan, run, refused } = result;
  if (result.declined) return "Nothing is fetched, and nothing of the plan is kept\n";
  if (run === null) return `${renderPlan(plan)}\n`;
  const counts = { ...plan.refused, ...run.outcomes } as Partial<Record<ItemOutcome, number>>;
  counts["already there"] = (run.outcomes["already there"] ?? 0) + plan.there.count;
  const outcomes = ORDER.filter((outcome) => (counts[outcome] ?? 0) > 0)
    .map((outcome) => `  ${(WORDS[outcome] ?? outcome).padEnd(20)}${String(counts[outcome]).padStart(8)}`);
  const lines = [
    ...outcomes,
    `Fetched ${formatSize(run.fetchedBytes)} in ${formatDuration(run.durationMs)}: mean ${
      formatSize(run.meanSpeed)
    }/s, ` +
    `peak ${formatSize(run.peakSpeed)}/s, ${run.retries} retries${resumed(run)}`,
    ...proofs(plan),
    ...plan.unreadable.count === 0 ? [] : [`Not readable: ${plan.unreadable.count} entries of the API's answers`],
    ...listUnreadable(plan.unreadable, 10).map((line) => `  ${line}`),
    ...plan.problems.slice(0, MAX_PROBLEMS).map((problem) => sayProblem(plan, problem)),
    ...plan.problems.length > MAX_PROBLEMS ? [`and ${plan.problems.length - MAX_PROBLEMS} more, see --json`] : [],
    ...refused.slice(0, 10).map(({ target, message }) => `Not to be had: ${target}: ${message}`),
  ];
  lines.push(...failureHints(run));
  if (run.stopped !== null) lines.push(run.stopped.message, ...run.stopped.hint === null ? [] : [run.stopped.hint]);
  if (run.failed.length > 0) lines.push("What failed is in the library's failed.txt, which download takes with --from");
  return `${lines.join("\n")}\n`;
}

function resumed(run: RunSummary): string {
  return run.resumedBytes === 0 ? "" : `, ${formatSize(run.resumedBytes)} taken over from earlier`;
}

function proofs(plan: SizedPlan): readonly string[] {
  return Object.entries(plan.listings).map(([target, proof]) => sayListing(target, proof));
}
