import { join } from "node:path";
import { assertPlainFile } from "../../base/mod.ts";
import { tailLines } from "../../journal/mod.ts";
import { METRIC_JOURNAL_NAME } from "./metric_journal.ts";
import { MAX_METRIC_LINE_BYTES, type MetricLine, parseMetricLine, type SkipReason } from "../metric_line.ts";

/** Options of {@linkcode readMetricLines}. */
export interface ReadMetricLinesOptions {
  /** Start of the period to read, in milliseconds since the epoch; older lines are not returned. */
  readonly sinceMs: number;
  /** Called once if there is a line that is older than the period. */
  readonly onOlder?: (() => void) | undefined;
  /** Called with the reason for each skipped line. */
  readonly onSkip?: ((reason: SkipReason) => void) | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Lines may be out of order by this many milliseconds, because processes write concurrently. */
const SLACK_MS = 60_000;
/** Maximum number of files to read; no journal keeps that many. */
const MAX_FILES = 32;
const CHUNK_BYTES = 64 * 1024;

/**
 * Read a journal and its rotated files backward from the newest line, and stop where lines are too old. Only one line
 * is in memory at a time. Lines that cannot be parsed are skipped.
 *
 * @param folder The folder of the journal; if it contains no journal, there are no lines
 * @param options Start of the period to read, and an observer of skipped lines
 * @returns Lines, the newest first
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricJournal, MetricRegistry, readMetricLines } from "@civitai-dl/civitai-dl/metrics";
 *
 * const folder = await Deno.makeTempDir();
 * const registry = new MetricRegistry();
 * registry.counter({ name: "mail.sent", kind: "counter", unit: "{mail}", help: "" }).add(3);
 * await using journal = new MetricJournal(folder, registry);
 * await journal.flush();
 *
 * const lines = await Array.fromAsync(readMetricLines(folder, { sinceMs: Date.now() - 60_000 }));
 * assertEquals(lines.map(({ families }) => families[0]?.name), ["mail.sent"]);
 * ```
 */
export async function* readMetricLines(folder: string, options: ReadMetricLinesOptions): AsyncGenerator<MetricLine> {
  const { sinceMs, onSkip = () => {}, onOlder = () => {}, signal } = options;
  const limits = { maxLineBytes: MAX_METRIC_LINE_BYTES, chunkBytes: CHUNK_BYTES, signal };
  const decoder = new TextDecoder();
  for await (const file of openFiles(join(folder, METRIC_JOURNAL_NAME))) {
    for await (const bytes of tailLines(file, limits)) {
      const line = bytes === null ? "long" : parseMetricLine(decoder.decode(bytes));
      if (typeof line === "string") {
        onSkip(line);
        continue;
      }
      const time = Date.parse(line.time);
      if (time < sinceMs - SLACK_MS) {
        onOlder();
        return;
      }
      if (time >= sinceMs) yield line;
    }
  }
}

/**
 * Open the journal and then its rotated files. Each file is opened only once, even if it is renamed in the meantime.
 */
async function* openFiles(path: string): AsyncGenerator<Deno.FsFile> {
  const seen = new Set<string>();
  for (let number = 0; number < MAX_FILES; number++) {
    const file = await openOrNull(nameOf(path, number));
    // The journal itself may be missing while rotated files exist, if nothing has been written since the rotation.
    if (file === null && number > 0) return;
    if (file === null) continue;
    try {
      const { dev, ino, isDirectory } = await file.stat();
      // Reading would fail too, but with an error that does not name it.
      if (isDirectory) throw new Deno.errors.IsADirectory(`Is a directory: open '${nameOf(path, number)}'`);
      const identity = ino === null ? `${number}` : `${dev}:${ino}`;
      if (!seen.has(identity)) yield file;
      seen.add(identity);
    } finally {
      file.close();
    }
  }
}

function nameOf(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`;
}

async function openOrNull(path: string): Promise<Deno.FsFile | null> {
  try {
    assertPlainFile(path, await Deno.stat(path));
    return await Deno.open(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
