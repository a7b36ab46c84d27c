import type { DownloadInstruments } from "./download_instruments.ts";

/** Options of {@linkcode recordProcess}. */
export interface RecordProcessOptions {
  /**
   * Folder that contains an entry for each open file.
   *
   * @default {"/proc/self/fd"}
   */
  readonly descriptors?: string;
  /**
   * Returns the resident memory in bytes.
   *
   * @default {Deno.memoryUsage}
   */
  readonly rss?: () => number;
}

/**
 * Set the gauges of this process: its memory, and its number of open files where the system and the permissions allow
 * counting them. Call this at each beat of a journal.
 *
 * @param instruments Gauges to set
 * @param options Sources of the values; tests replace them
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { defineDownloadMetrics, recordProcess } from "@civitai-dl/civitai-dl/downloader";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const instruments = defineDownloadMetrics(new MetricRegistry());
 * await recordProcess(instruments);
 * assert(instruments.memory.series()[0]!.value > 0);
 * ```
 */
export async function recordProcess(
  instruments: Pick<DownloadInstruments, "memory" | "openFiles">,
  options: RecordProcessOptions = {},
): Promise<void> {
  const { descriptors = "/proc/self/fd", rss = () => Deno.memoryUsage().rss } = options;
  instruments.memory.set(rss());
  const count = await countEntries(descriptors);
  if (count !== null) instruments.openFiles.set(count);
}

async function countEntries(folder: string): Promise<number | null> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).length;
  } catch (error) {
    // The system has no such folder, or the program may not read it: the number is unknown.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return null;
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}
