import { dirname, join } from "node:path";
import { ensurePrivateFolder, StateFile, systemClock } from "../../base/mod.ts";
import { DayQuota, type DayQuotaOptions } from "./day_quota.ts";
import type { Library } from "../open_library.ts";
import { stateFolder } from "../../library/mod.ts";
import { QUOTA_FORMAT, type QuotaState, QuotaWindow } from "./quota_window.ts";

/** Options of {@linkcode openDayQuota}. */
export interface OpenDayQuotaOptions extends Omit<DayQuotaOptions, "window"> {
  /** Called when the counts of earlier runs cannot be read, or the new counts cannot be written. */
  readonly onWarning: (message: string) => void;
}

/** Return the file with the counts of a library's last 24 hours. */
export function quotaFile(root: string): StateFile<QuotaState> {
  return new StateFile(join(stateFolder(root), "quota.json"), QUOTA_FORMAT);
}

/**
 * Open the counts of a library's last 24 hours, in `.civitai-dl/state/quota.json`. A damaged file is moved
 * aside, and counting starts from zero.
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
  const file = quotaFile(library.root);
  ensurePrivateFolder(dirname(file.path));
  const state = await file.open(onWarning);
  return new DayQuota(file, state === null ? options : { ...options, window: QuotaWindow.from(state, clock.now()) });
}
