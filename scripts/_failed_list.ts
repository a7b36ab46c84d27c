import { join } from "node:path";
import { writeAtomic } from "../lib/base/mod.ts";
import type { FailedItem } from "../lib/downloader/mod.ts";

/** What a later run can take with `--from`. */
const NAME = "failed.txt";

/**
 * Write `failed.txt`, or take an old one away when nothing failed.
 *
 * @param root The library
 * @param failed What failed; `null` when nothing was tried
 */
export async function writeFailedList(root: string, failed: readonly FailedItem[] | null): Promise<void> {
  if (failed === null) return;
  const path = join(root, NAME);
  if (failed.length === 0) {
    try {
      await Deno.remove(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return;
  }
  const reasons = new Map(failed.map((item) => [item.target, `${item.failure}, ${item.path}`]));
  const lines = [...reasons].map(([target, reason]) => `${target} # ${reason.replaceAll(/\s+/g, " ")}`);
  await writeAtomic(path, `# civitai-dl download --from failed.txt\n${lines.join("\n")}\n`);
}
