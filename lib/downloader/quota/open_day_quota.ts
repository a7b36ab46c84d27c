import { join } from "node:path";
import { cleanText, ensurePrivateFolder, readTextNoFollow, setAside, systemClock } from "../../base/mod.ts";
import { DayQuota, type DayQuotaOptions } from "./day_quota.ts";
import type { Library } from "../open_library.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { QuotaWindow } from "./quota_window.ts";

/** Options of {@linkcode openDayQuota}. */
export interface OpenDayQuotaOptions extends Omit<DayQuotaOptions, "window"> {
  /** Called when the counts of earlier runs cannot be read, or the new counts cannot be written. */
  readonly onWarning: (message: string) => void;
}

/**
 * Open the counts of a library's last 24 hours, in `.civitai-dl/state/quota.json`. A file that cannot be parsed is
 * renamed to `quota.json.corrupt`, and counting starts from zero.
 *
 * @param library The library, whose state folder stores the counts
 * @param options Limits, warnings, clock
 * @returns The counts; dispose them to save them
 * @throws {KitError} `unsafe` if a later version of the program wrote the file
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openDayQuota, parseDayLimits } from "@civitai-dl/civitai-dl/downloader";
 *
 * const library = { root: await Deno.makeTempDir() };
 * const quota = await openDayQuota(library, { limits: parseDayLimits("1000, 200G"), onWarning: console.warn });
 * assertEquals(quota.used, { links: 0, bytes: 0 });
 * await quota[Symbol.asyncDispose]();
 * await Deno.remove(library.root, { recursive: true });
 * ```
 */
export async function openDayQuota(library: Pick<Library, "root">, options: OpenDayQuotaOptions): Promise<DayQuota> {
  const { onWarning, clock = systemClock } = options;
  const folder = join(library.root, STATE_FOLDER, "state");
  const path = join(folder, "quota.json");
  ensurePrivateFolder(folder);
  let text: string;
  try {
    text = await readTextNoFollow(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new DayQuota(path, options);
  }
  try {
    return new DayQuota(path, { ...options, window: QuotaWindow.parse(text, clock.now(), path) });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const aside = await setAside(path);
    onWarning(`Cannot read "${path}": ${cleanText(error.message)}; moved to "${aside}", and its counts are lost`);
    return new DayQuota(path, options);
  }
}
