import { join, resolve } from "node:path";
import { shell, writeAtomic } from "../../base/mod.ts";
import type { Choice } from "../choice.ts";
import type { DownloadResult } from "../download.ts";
import { targetOf } from "../fetch/target_of.ts";
import type { Library } from "../open_library.ts";
import type { PlanTarget } from "../plan/plan_target.ts";
import { targetName, wholeTarget } from "../plan/target_name.ts";
import { isListed, listWord, parseChoiceWords, renderFailedList } from "./_failed_list_text.ts";

/** Name of the list in the library, which a later run can read with `--from`. */
const NAME = "failed.txt";
/** The catalog's note on the targets that no run has planned or got since they failed. */
const NOTE = "unplanned";

/** A target of which nothing could be fetched, and why. */
interface UnplannedTarget {
  readonly target: string;
  readonly reason: string;
  /** Command whose run failed. */
  readonly command: string;
}

/** The part of a run's result that {@linkcode writeFailedList} lists. */
export interface FailedTargets {
  /** Targets that the run was asked for, all of which it has tried. */
  readonly asked: readonly PlanTarget[];
  /** Number of images that the run was to fetch; without any, it has tried none. */
  readonly choice: Pick<Choice, "gallery" | "maxImages">;
  /** The choice as words of a command line, with a space before each; empty if there are none. */
  readonly choiceWords: string;
  /** What could not be listed, and what was. */
  readonly plan: Pick<DownloadResult["plan"], "problems" | "listings">;
  /** Named models, versions and files that the server refused during the run. */
  readonly refused: DownloadResult["refused"];
}

/** What {@linkcode writeFailedList} wrote. */
export interface FailedList {
  /** Path of the list. */
  readonly path: string;
  /** Command that tries again what it lists, with the choice of the run that failed last. */
  readonly retry: string;
}

/**
 * Write `failed.txt` with all failed and corrupted items of the catalog, including those of earlier runs, and with the
 * targets that could not be planned or are refused. A target of an earlier run stays until a run has tried it, or
 * until the user deletes its line. If there are none, remove the file.
 *
 * @param library The library, whose catalog notes the targets too
 * @param command Name of the command that has run
 * @param result What the run was asked for, and what it did not get
 * @returns The list; `null` if nothing failed
 */
export async function writeFailedList(
  library: Pick<Library, "root" | "catalog">,
  command: string,
  result: FailedTargets,
): Promise<FailedList | null> {
  const { root, catalog } = library;
  const path = join(root, NAME);
  const text = await Deno.readTextFile(path).catch(emptyIfAbsent);
  const isTried = createTriedTest(catalog, command, result);
  const untried = readUnplanned(catalog).filter((entry) => !isTried(entry) && isListed(text, entry.target));
  const own = listUnplanned(command, result);
  const words = own.length > 0 ? result.choiceWords : parseChoiceWords(text);
  const unplanned = [...untried, ...own];
  const reasons = new Map(unplanned.map(({ target, reason }) => [listWord(target), reason]));
  for (const item of catalog.items({ states: ["failed", "corrupted"] })) {
    reasons.set(targetOf(item), `${item.outcome ?? item.state}, ${item.path}`.replaceAll(/\s+/g, " "));
  }
  if (reasons.size > 0) await writeAtomic(path, renderFailedList(reasons, words));
  else await Deno.remove(path).catch(emptyIfAbsent);
  // After the file: a target without its line counts as given up.
  catalog.setNote(NOTE, unplanned.length === 0 ? null : JSON.stringify(unplanned));
  return reasons.size > 0 ? { path, retry: `${shell`civitai-dl download --from ${path}`}${words}` } : null;
}

/**
 * Whether a file is the list of a library.
 *
 * @param path Path of the file
 * @param library The library
 * @returns Whether {@linkcode writeFailedList} would replace it
 */
export function isFailedList(path: string, { root }: Pick<Library, "root">): boolean {
  return resolve(path) === join(root, NAME);
}

function emptyIfAbsent(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "";
  throw error;
}

function readUnplanned(catalog: Library["catalog"]): readonly UnplannedTarget[] {
  const note = catalog.note(NOTE);
  // Written by writeFailedList().
  return note === null ? [] : JSON.parse(note) as readonly UnplannedTarget[];
}

/** Create a test of whether a run that was asked for these targets has tried a target that failed before. */
function createTriedTest(
  catalog: Library["catalog"],
  command: string,
  { asked, choice }: Pick<FailedTargets, "asked" | "choice">,
): (entry: UnplannedTarget) => boolean {
  const words = new Set(
    asked.flatMap((target) =>
      target.type === "models" ? target.ids.map((id) => `model:${id}`) : [listWord(targetName(target)).toLowerCase()]
    ),
  );
  return ({ target, command: failedBy }) => {
    if (words.has(listWord(target).toLowerCase())) return true;
    const isOfRun = !target.endsWith("/images") || choice.maxImages > 0;
    if (isOfRun && words.has(wholeTarget(target).toLowerCase())) return true;
    const [, version] = /^version:(\d+)$/.exec(target) ?? [];
    if (version !== undefined) {
      return choice.gallery > 0 && ownersOf(catalog, Number(version)).some((owner) => words.has(owner));
    }
    // Groups of galleries or models have no name of their own: the next run of the command tries its own again.
    const isGroup = target === "galleries" || / of the library$/.test(target);
    return isGroup && failedBy === command && asked.length > 0;
  };
}

/** Targets that include a version of the library. */
function ownersOf(catalog: Library["catalog"], versionId: number): readonly string[] {
  const modelId = catalog.version(versionId)?.modelId;
  if (modelId === undefined) return [];
  const creator = catalog.model(modelId)?.creator ?? null;
  return [`model:${modelId}`, ...creator === null ? [] : [`user:${creator.toLowerCase()}`]];
}

function listUnplanned(command: string, { plan, refused }: FailedTargets): readonly UnplannedTarget[] {
  return [
    ...plan.problems.map(({ target, code, failure }) => {
      // The listing failed after it had returned some models.
      const extent = (plan.listings[target]?.seen ?? 0) > 0 ? "planned in part" : "not planned";
      return { target, reason: `${extent}: ${failure ?? code}`, command };
    }),
    ...refused.map(({ target, outcome }) => ({ target, reason: `not available: ${outcome}`, command })),
  ];
}
