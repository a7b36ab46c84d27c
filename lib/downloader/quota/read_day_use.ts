import type { DayLimits } from "../../base/mod.ts";
import { quotaFile } from "./open_day_quota.ts";
import { QuotaWindow } from "./quota_window.ts";

/** Limits of a day, and what is used of them. */
export interface DayUse extends DayLimits {
  /** Links used in the last 24 hours. */
  readonly usedLinks: number;
  /** Bytes used in the last 24 hours. */
  readonly usedBytes: number;
  /** When a link fits in again, ISO 8601 UTC; `null` if one fits now. */
  readonly until: string | null;
}

/**
 * Read what the runs of a library have used of the limits of a day. Nothing is written.
 *
 * @param library The library's folder
 * @param options The limits, `null` for those of the last run, which are in force for whoever started it; and the
 * current time, milliseconds since the epoch
 * @returns Limits and use; `null` if nothing is limited
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readDayUse } from "@civitai-dl/civitai-dl/downloader";
 *
 * const library = await Deno.makeTempDir();
 * const use = await readDayUse(library, { limits: { links: 100, bytes: null }, now: Date.now() });
 * assertEquals([use?.links, use?.usedLinks, use?.until], [100, 0, null]);
 * await Deno.remove(library);
 * ```
 */
export async function readDayUse(
  library: string,
  { limits, now }: { readonly limits: DayLimits | null; readonly now: number },
): Promise<DayUse | null> {
  const counted = await readWindow(library, now);
  const { links, bytes } = limits ?? counted?.limits ?? { links: null, bytes: null };
  if (links === null && bytes === null) return null;
  const used = counted?.sumUsed(now) ?? { links: 0, bytes: 0 };
  const fittingMs = counted?.findFittingTime(now, { links: 1, bytes: 1 }, { links, bytes }) ?? now;
  const until = fittingMs > now ? new Date(fittingMs).toISOString() : null;
  return { links, bytes, usedLinks: used.links, usedBytes: used.bytes, until };
}

/** What is counted for `--quota`; `null` if nothing is, or it cannot be read. */
async function readWindow(library: string, now: number): Promise<QuotaWindow | null> {
  try {
    const state = await quotaFile(library).read();
    return state === null ? null : QuotaWindow.from(state, now);
  } catch {
    // The next run moves it aside and says so.
    return null;
  }
}
