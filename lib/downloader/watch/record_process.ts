import type { DownloadInstruments } from "./download_instruments.ts";

/** Options of {@linkcode recordProcess}. */
export interface RecordProcessOptions {
  /**
   * The folder with an entry for each open file.
   *
   * @default {"/proc/self/fd"}
   */
  readonly descriptors?: string;
  /**
   * Resident memory in bytes.
   *
   * @default {Deno.memoryUsage}
   */
  readonly rss?: () => number;
}

/**
 * Set the gauges of this process: its memory, and how many files it holds open, where the system and the permissions let
 * it know. Meant for each beat of a journal.
 *
 * @param instruments Whose gauges
 * @param options Seams
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
    // No such folder on this system, or the runtime does not let a program look there: then nobody knows.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return null;
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}
