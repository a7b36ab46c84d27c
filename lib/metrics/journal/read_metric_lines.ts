import { join } from "node:path";
import { tailLines } from "./_tail_lines.ts";
import { METRIC_JOURNAL_NAME } from "./metric_journal.ts";
import { MAX_METRIC_LINE_BYTES, type MetricLine, parseMetricLine, type SkipReason } from "./metric_line.ts";

/** Options of {@linkcode readMetricLines}. */
export interface ReadMetricLinesOptions {
  /** Milliseconds since the epoch; what is older is not read. */
  readonly sinceMs: number;
  /** Told of each line that is left out. */
  readonly onSkip?: ((reason: SkipReason) => void) | undefined;
}

/** Processes write side by side, so that lines are in the order of their times but for this. */
const SLACK_MS = 60_000;
/** More old files than any journal keeps. */
const MAX_FILES = 32;
const CHUNK_BYTES = 64 * 1024;

/**
 * Read a journal and its older files from the newest line back, and stop where lines are too old. Holds one line at a
 * time; what cannot be read is skipped.
 *
 * @param folder Where the journal is; none there is the same as an empty one
 * @param options How far back
 * @returns Lines, the newest first
 */
export async function* readMetricLines(folder: string, options: ReadMetricLinesOptions): AsyncGenerator<MetricLine> {
  const { sinceMs, onSkip = () => {} } = options;
  const decoder = new TextDecoder();
  for await (const file of openFiles(join(folder, METRIC_JOURNAL_NAME))) {
    for await (const bytes of tailLines(file, { maxLineBytes: MAX_METRIC_LINE_BYTES, chunkBytes: CHUNK_BYTES })) {
      const line = bytes === null ? "long" : parseMetricLine(decoder.decode(bytes));
      if (typeof line === "string") {
        onSkip(line);
        continue;
      }
      const time = Date.parse(line.time);
      if (time < sinceMs - SLACK_MS) return;
      if (time >= sinceMs) yield line;
    }
  }
}

/** The journal, then its older files; each once, even if it gets another name meanwhile. */
async function* openFiles(path: string): AsyncGenerator<Deno.FsFile> {
  const seen = new Set<string>();
  for (let number = 0; number < MAX_FILES; number++) {
    using file = await openOrNull(number === 0 ? path : `${path}.${number}`);
    // Without a journal there may still be older files: it was rotated, and nobody wrote since.
    if (file === null && number > 0) return;
    if (file === null) continue;
    const { dev, ino } = await file.stat();
    const identity = ino === null ? `${number}` : `${dev}:${ino}`;
    if (!seen.has(identity)) yield file;
    seen.add(identity);
  }
}

async function openOrNull(path: string): Promise<Deno.FsFile | null> {
  try {
    return await Deno.open(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
