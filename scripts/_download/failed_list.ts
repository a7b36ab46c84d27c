import { join } from "node:path";
import { writeAtomic } from "../../lib/base/mod.ts";
import { type DownloadResult, type Library, targetOf } from "../../lib/downloader/mod.ts";

/** Name of the list in the library, which a later run can read with `--from`. */
const NAME = "failed.txt";
/** Prefix of the catalog's notes on the targets that the last run of a command could not plan or get. */
const NOTES = "unplanned:";

/** A target of which nothing could be fetched, and why. */
interface UnplannedTarget {
  readonly target: string;
  readonly reason: string;
}

/** The part of a run's result that {@linkcode writeFailedList} lists. */
export type FailedTargets = {
  readonly plan: Pick<DownloadResult["plan"], "problems" | "listings">;
  readonly refused: DownloadResult["refused"];
};

/**
 * Write `failed.txt` with all failed and corrupted items of the catalog, including those of earlier runs, and with the
 * targets that could not be planned or are refused, of the last run of each command. If there are none, remove the file.
 *
 * @param library Root and catalog
 * @param command Name of the command
 * @param result Plan and refused targets of its run
 * @returns Path of the list; `null` if nothing failed
 */
export async function writeFailedList(
  library: Pick<Library, "root" | "catalog">,
  command: string,
  result: FailedTargets,
): Promise<string | null> {
  const { root, catalog } = library;
  const path = join(root, NAME);
  const unplanned = listUnplanned(result);
  catalog.setNote(`${NOTES}${command}`, unplanned.length === 0 ? null : JSON.stringify(unplanned));
  const lines = new Map<string, string>();
  for (const { value } of catalog.notes(NOTES)) {
    // Written above.
    for (const { target, reason } of JSON.parse(value) as readonly UnplannedTarget[]) lines.set(wordOf(target), reason);
  }
  for (const item of catalog.items({ states: ["failed", "corrupted"] })) {
    lines.set(targetOf(item), `${item.outcome ?? item.state}, ${item.path}`.replaceAll(/\s+/g, " "));
  }
  if (lines.size > 0) {
    const text = [...lines].map(([target, reason]) => `${target} # ${reason}`).join("\n");
    await writeAtomic(path, `# civitai-dl download --from failed.txt\n${text}\n`);
    return path;
  }
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return null;
}

function listUnplanned({ plan, refused }: FailedTargets): readonly UnplannedTarget[] {
  return [
    ...plan.problems.map(({ target, code, failure }) => {
      // The listing failed after it had returned some models.
      const extent = (plan.listings[target]?.seen ?? 0) > 0 ? "planned in part" : "not planned";
      return { target, reason: `${extent}: ${failure ?? code}` };
    }),
    ...refused.map(({ target, outcome }) => ({ target, reason: `not available: ${outcome}` })),
  ];
}

/** Write the name of a target as a word that `--from` reads, or as a comment if there is no such word. */
function wordOf(target: string): string {
  const image = /^images of (user:.*)$/.exec(target);
  const gallery = /^gallery of (version:\d+)$/.exec(target);
  const part = /^version:(\d+)\?(.*)$/.exec(target);
  if (image !== null) return `${image[1]}/images`;
  if (gallery !== null) return gallery[1]!;
  if (part !== null) return `https://civitai.com/api/download/models/${part[1]}?${part[2]}`;
  return /^(?:user|model|version|hash|image|post):\S+$/.test(target) ? target : `# ${target.replaceAll(/\s+/g, " ")}`;
}
