import { join } from "node:path";
import { writeAtomic } from "../../lib/base/mod.ts";
import { type Library, targetOf } from "../../lib/downloader/mod.ts";

/** Name of the list in the library, which a later run can read with `--from`. */
const NAME = "failed.txt";

/**
 * Write `failed.txt` with all failed and corrupted items of the catalog, including those of earlier runs. If there
 * are no such items, remove the file.
 *
 * @param library Root and catalog
 * @returns Path of the list; `null` if it has no items
 */
export async function writeFailedList(library: Pick<Library, "root" | "catalog">): Promise<string | null> {
  const path = join(library.root, NAME);
  const lines = new Map<string, string>();
  for (const item of library.catalog.items({ states: ["failed", "corrupted"] })) {
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
