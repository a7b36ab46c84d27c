import { formatCount, formatDuration, formatSize, shell } from "../../lib/base/mod.ts";
import {
  type DownloadResult,
  type FlaggedFile,
  type ForgottenTarget,
  isFlaggedPath,
  type ItemOutcome,
  type ListingCompleteness,
  type RemovedModel,
  type RunSummary,
  sayRemoved,
  type SizedPlan,
  type UnreadableData,
  type UnreadableItem,
} from "../../lib/downloader/mod.ts";
import { LOG_LINES, type NamesView } from "./render_names.ts";
import { adviseOnFailures } from "./advise_on_failures.ts";
import { renderUnfinished, type UnfinishedItems } from "./unfinished_items.ts";

/**
 * Maximum number of unreadable entries, unplanned targets and unavailable targets that are listed on a terminal; if a
 * list is longer, it ends with the number of omitted lines.
 */
const MAX_LINES = 10;

/** What to do about a target that the API does not know. */
const GONE = "gone: check the spelling on the site; creators change their names, and models are deleted";

/** Render a plan as counts; its files are named by `namePlan()`. */
export function renderPlan(plan: SizedPlan): readonly string[] {
  const { wanted, there, refused, collisions, problems, unreadable } = plan;
  const lines = [
    `Plan: ${formatCount(wanted.files, "model file")} and ${formatCount(wanted.images, "image")} to fetch, ${
      renderWantedSize(wanted)
    }`,
    `  from ${formatCount(plan.models, "model")} with ${formatCount(plan.versions, "chosen version")}${
      plan.resumes ? ", with what an earlier run left" : ""
    }`,
    `  already there: ${there.count} (${formatSize(there.bytes)})`,
    ...plan.maybeThere === 0 ? [] : [
      `  perhaps there: ${formatCount(plan.maybeThere, "file")} of those to fetch, by path or size; the run compares ` +
      "SHA-256 first, also of renamed files",
    ],
    `  disk: ${formatSize(plan.freeBytes)} free, ${formatSize(plan.reserveBytes)} of it kept in reserve`,
  ];
  const roomBytes = Math.max(0, plan.freeBytes - plan.reserveBytes);
  if (plan.wanted.bytes > roomBytes) {
    lines.push(`  not everything fits: only ${formatSize(roomBytes)} is available, so some files will not be fetched`);
  }
  if (plan.replaced.count > 0) {
    lines.push(`  replaced on Civitai: ${formatCount(plan.replaced.count, "file")} of the library, to fetch again`);
  }
  if (plan.nothing !== null) lines.push(`  nothing to fetch: ${plan.nothing}`);
  const refusals = Object.entries(refused);
  if (refusals.length > 0) {
    lines.push(`  not available now: ${refusals.map(([outcome, number]) => `${number} ${outcome}`).join(", ")}`);
  }
  // Flagged files are listed on separate lines, so that they are not overlooked among the other reasons.
  lines.push(...plan.flagged.slice(0, 10).map((file) => `  ${renderFlagged(file)}`));
  if (collisions > 0) {
    lines.push(
      `  name collisions: ${collisions}`,
      ...plan.collisionExamples.slice(0, 5).map((line) => `    ${line}`),
    );
  }
  if (unreadable.count > 0) {
    lines.push(`  unreadable: ${formatCount(unreadable.count, "entry", "entries")} in the API's responses`);
  }
  if (problems.length > 0) {
    lines.push(`  cannot be planned: ${formatCount(problems.length, "target")}${renderRetries(problems)}`);
  }
  return lines;
}

function renderRetries(problems: SizedPlan["problems"]): string {
  const count = problems.filter(({ willRetry }) => willRetry).length;
  if (count === 0) return "";
  return count === problems.length
    ? ", tried again at the end of the run, unless that stops before"
    : `, ${count} of them tried again at the end of the run, unless that stops before`;
}

/** The size of what is wanted; Civitai does not say how large images are. */
export function renderWantedSize({ files, images, bytes }: SizedPlan["wanted"]): string {
  if (bytes === 0 && files + images > 0) return "of unknown size";
  return `about ${formatSize(bytes)}${images === 0 ? "" : " without the images"}`;
}

/** Listings, unreadable entries and targets that could not be planned. */
function renderTargets(
  { listings, problems, unreadable, replaced, removed, forgotten }: SizedPlan,
  view: TextView,
): readonly string[] {
  const gone = removed.filter(({ isNews }) => isNews).map(renderRemoved);
  const notPlanned = problems.map(({ target, message }) => {
    // The listing failed after it had returned some models.
    const isPart = (listings[target]?.seen ?? 0) > 0;
    return `${isPart ? "Planned in part" : "Not planned"}: ${target}: ${message}`;
  });
  return [
    ...Object.entries(listings).map(([target, proof]) => renderListing(target, proof)),
    ...shorten(replaced.paths.map((path) => `Replaced on Civitai: ${path}`), { ...view, total: replaced.count }),
    ...listUnreadable(unreadable, view),
    ...shorten(gone, view),
    ...shorten(forgotten.map(renderForgotten), view),
    ...shorten(notPlanned, view),
    ...problems.some(({ failure }) => failure === "gone") ? [GONE] : [],
    ...hintAtCreator(problems),
  ];
}

/** A single number may have been meant as the name of a creator. */
function hintAtCreator(problems: SizedPlan["problems"]): readonly string[] {
  const ids = problems.filter(({ failure }) => failure === "gone")
    .flatMap(({ target }) => /^model:(\d+)$/.exec(target)?.[1] ?? []);
  if (ids.length !== 1) return [];
  return [`${ids[0]} is the id of a model here; the creator of that name is user:${ids[0]}`];
}

function renderRemoved(removed: RemovedModel): string {
  const { keptFiles } = removed;
  const gone = sayRemoved(removed);
  if (keptFiles === 0) return `Removed on Civitai: ${gone}; the library has no file of it`;
  return `Removed on Civitai, kept: ${gone}, ${formatCount(keptFiles, "file")}`;
}

function renderForgotten({ target, name, change }: ForgottenTarget): string {
  const named = name === null ? target : `${target} (${name})`;
  return `Forgotten, not fetched: ${named}; ${shell`to take it back: civitai-dl undo ${change}`}`;
}

function listUnreadable({ count: total, entries }: UnreadableData, view: TextView): readonly string[] {
  return shorten(entries.map((entry) => `Not readable: ${renderUnreadable(entry)}`), { ...view, total });
}

type TextView = Pick<NamesView, "width">;

function shorten(
  lines: readonly string[],
  { width, total = lines.length }: TextView & { readonly total?: number },
): readonly string[] {
  const shown = lines.slice(0, width === Infinity ? LOG_LINES : MAX_LINES);
  return total === shown.length ? shown : [...shown, `  and ${total - shown.length} more; see --json`];
}

const OUTCOME_ORDER: readonly ItemOutcome[] = [
  "done",
  "already there",
  "early-access",
  "login",
  "forbidden",
  "archived",
  "removed",
  "disabled",
  "region",
  "flagged",
  "forgotten",
  "failed",
  "corrupted",
];

/** Labels of outcomes in the summary, where they differ from the outcome. */
const OUTCOME_LABELS: Partial<Record<ItemOutcome, string>> = {
  login: "login needed",
  region: "region-blocked",
  disabled: "downloads disabled",
  "early-access": "early access",
};

/**
 * Render how complete a listing is.
 *
 * @param completeness How many models the API reports, if it reports a number, and how many the listing contained
 */
export function renderListing(target: string, completeness: ListingCompleteness): string {
  const { apiCount, seen, missing } = completeness;
  const why = missing === null ? "" : `; ${missing}`;
  if (apiCount === null) {
    return `${target}: the API does not report the number of models; the listing has ${seen}${why}`;
  }
  return `${target}: the API reports ${formatCount(apiCount, "model")}, the listing has ${seen}${why}`;
}

/** Render an entry of a response that cannot be read. */
export function renderUnreadable({ target, name, reason }: Pick<UnreadableItem, "target" | "name" | "reason">): string {
  return `${target}: ${name}: ${reason}`;
}

function renderFlagged({ path, reason }: FlaggedFile): string {
  return `${isFlaggedPath(path) ? "flagged, to quarantine/" : "flagged, refused"}: ${path}: ${reason}`;
}

/** A download with the data that only its display needs. */
export interface ShownDownload extends DownloadResult {
  /** Whether the user declined the plan at the prompt; the prompt has already displayed the plan. */
  readonly declined: boolean;
  /** Items that the run left unfinished; `null` if there are none. */
  readonly left: UnfinishedItems | null;
  /** Path of the list of failed items; `null` if there are none. */
  readonly failedList: string | null;
  /** Command that tries again what it lists; `null` if there is none. */
  readonly retry: string | null;
  /** Problems of the target files. */
  readonly problems: readonly string[];
  /** Names the files of the plan or of its result; a function, so that JSON has `items` only. */
  readonly nameItems: (view: Pick<NamesView, "width" | "otherLines">) => readonly string[];
}

/**
 * Render the summary of a run, or the plan of a dry run.
 *
 * @returns The text, with a final newline
 */
export function renderDownload(result: ShownDownload, view: TextView): string {
  const { plan, run, refused, counts } = result;
  if (result.declined) return renderDeclined(result.kept);
  if (run === null) {
    const head = renderPlan(plan);
    const tail = renderTargets(plan, view);
    const names = result.nameItems({ ...view, otherLines: head.length + tail.length });
    return `${[...head, ...names, ...tail].join("\n")}\n`;
  }
  const outcomes = OUTCOME_ORDER.filter((outcome) => (counts[outcome] ?? 0) > 0)
    .map((outcome) => `  ${(OUTCOME_LABELS[outcome] ?? outcome).padEnd(20)}${String(counts[outcome]).padStart(8)}`);
  const lines = [
    ...outcomes,
    renderSpeed(run),
    ...renderTargets(plan, view),
    ...[...plan.flagged, ...run.flagged].slice(0, 20).map(renderFlagged),
    ...shorten(refused.map(({ target, message }) => `Not available: ${target}: ${message}`), view),
  ];
  lines.push(...adviseOnFailures({ ...run, outcomes: { ...run.outcomes, ...hintOutcomes(result) } }));
  if (run.stopped !== null) lines.push(run.stopped.message, ...run.stopped.hint === null ? [] : [run.stopped.hint]);
  if (result.left !== null) lines.push(renderUnfinished(result.left));
  // Also what failed in an earlier run, which nothing else mentions.
  if (result.failedList !== null && result.retry !== null) {
    lines.push(
      `What failed is listed in ${result.failedList}; to retry it: ${result.retry}`,
    );
  }
  return `${[...result.nameItems({ ...view, otherLines: lines.length }), ...lines].join("\n")}\n`;
}

function renderSpeed(run: RunSummary): string {
  const { fetchedBytes, durationMs, meanSpeed, peakSpeed, retries } = run;
  const retried = retries === 0 ? "" : `, ${formatCount(retries, "retry", "retries")}`;
  if (fetchedBytes === 0) return `Fetched nothing in ${formatDuration(durationMs)}${retried}${resumed(run)}`;
  const speed = `mean ${formatSize(meanSpeed)}/s, peak ${formatSize(peakSpeed)}/s`;
  return `Fetched ${formatSize(fetchedBytes)} in ${formatDuration(durationMs)}: ${speed}${retried}${resumed(run)}`;
}

/** Render the result of a declined plan. Items that earlier runs left unfinished remain planned. */
function renderDeclined(kept: number): string {
  if (kept === 0) return "Nothing was fetched, and the plan was discarded\n";
  const files = formatCount(kept, "file");
  return `Nothing was fetched; an earlier run left ${files} unfinished; to continue with them: civitai-dl download\n`;
}

/**
 * Return a count of 1 if any flagged file was refused, so that the hint is shown; files in `quarantine/` need none.
 * Files that the plan refused are not among the outcomes of the run, so they are added here.
 */
function hintOutcomes({ plan, run }: ShownDownload): { readonly flagged: number } {
  const isRefused = [...plan.flagged, ...run?.flagged ?? []].some(({ path }) => !isFlaggedPath(path));
  return { flagged: isRefused ? 1 : 0 };
}

function resumed(run: RunSummary): string {
  return run.resumedBytes === 0 ? "" : `, ${formatSize(run.resumedBytes)} resumed from an earlier run`;
}
