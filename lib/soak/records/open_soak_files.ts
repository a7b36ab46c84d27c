import { exists } from "@std/fs";
import { type EvidenceHeader, KitError, writeAtomic } from "../../base/mod.ts";
import { LogWriter } from "../../journal/mod.ts";
import { cutJournal } from "./_cut_journal.ts";
import { openReport } from "./open_report.ts";
import type { SoakReport } from "./soak_report.ts";
import type { SoakRow } from "./soak_row.ts";

/** The header of a report, without the fields that the report itself provides. */
export type SoakFacts = Pick<EvidenceHeader, "schema" | "version" | "tool" | "commit" | "machine" | "startedAt"> & {
  /** The settings of the work; a run can be resumed only with equal settings. */
  readonly settings: Readonly<Record<string, unknown>>;
};

/** A whole report, with its header. */
export type SoakEvidence = SoakFacts & SoakReport & { readonly endedAt: string };

/** Options of {@linkcode openSoakFiles}. */
export interface OpenSoakFilesOptions {
  /**
   * Parses and checks the report at `path` to resume its run, as {@linkcode resumeSoak} does. It is called while this
   * process holds the lock. If it throws, no file is changed; otherwise the journal is truncated to the intervals in
   * the report.
   *
   * @default {none: existing files belong to another run and are an error}
   */
  readonly resume?: ((text: string) => SoakEvidence) | undefined;
  /**
   * Replaces a file atomically.
   *
   * @default {writeAtomic}
   */
  readonly replace?: ((path: string, text: string) => Promise<void>) | undefined;
  /**
   * Appends a line to a file.
   *
   * @default {a LogWriter}
   */
  readonly append?: ((path: string, line: string) => void | Promise<void>) | undefined;
}

/** The files of a run, locked by this process until disposed. */
export interface SoakFiles extends Disposable {
  /** The path of the report. */
  readonly path: string;
  /** The path of the journal, which has one line of JSON per interval. */
  readonly journal: string;
  /** The report of the resumed run; `null` for a new run. */
  readonly resumed: SoakEvidence | null;
  /** Complete a report as {@linkcode SoakFiles.finish} does, without writing it. */
  complete(report: SoakReport): SoakEvidence;
  /** Append the interval to the journal, then replace the report; both are readable at any time. */
  write(row: SoakRow, report: SoakReport): Promise<void>;
  /** Replace the report with the final one; returns it with its header. */
  finish(report: SoakReport): Promise<SoakEvidence>;
}

/**
 * Open the files of a run and lock their folder; only one run may use a folder at a time.
 *
 * @param path The path of the report in an existing folder; the journal has the same name with `.jsonl`
 * @param facts The header of the report; a resumed run keeps its original settings and start time
 * @param options How to resume a run, and how to write files
 * @returns The open files; dispose them to release the lock
 * @throws {KitError} `unsafe` if another run uses the folder or has left its files there; `usage` if there is no report
 * to resume from
 */
export async function openSoakFiles(
  path: string,
  facts: SoakFacts,
  options: OpenSoakFilesOptions = {},
): Promise<SoakFiles> {
  const { replace = writeAtomic, resume } = options;
  const { append = appendLine } = options;
  const journal = `${path.replace(/\.json$/, "")}.jsonl`;
  using stack = new DisposableStack();
  const { resumed } = stack.use(await openReport(path, { command: "stability", resume }));
  if (resumed !== null) await cutJournal(journal, resumed.omittedRows + resumed.rows.length);
  else if (await exists(journal)) throw lonelyJournal(journal);
  const locked = stack.move();
  const kept = resumed === null ? {} : { startedAt: resumed.startedAt, settings: resumed.settings };
  const complete = (report: SoakReport): SoakEvidence => {
    const endedAt = report.sittings.at(-1)?.endedAt ?? facts.startedAt;
    return { ...facts, ...kept, ...report, endedAt };
  };
  const save = async (report: SoakReport): Promise<SoakEvidence> => {
    const whole = complete(report);
    await replace(path, `${JSON.stringify(whole)}\n`);
    return whole;
  };
  return {
    path,
    journal,
    resumed,
    complete,
    async write(row, report) {
      try {
        await append(journal, JSON.stringify(row));
      } catch (error) {
        // Part of the line may have been written, and the next line would be appended to it.
        await cutJournal(journal).catch(() => {});
        throw error;
      }
      await save(report);
    },
    finish: save,
    [Symbol.dispose]: () => locked.dispose(),
  };
}

function appendLine(path: string, line: string): void {
  using log = new LogWriter(path, { mode: 0o644 });
  log.append(line);
}

function lonelyJournal(journal: string): KitError {
  return new KitError("unsafe", `Cannot start a run: "${journal}" belongs to an earlier run`, {
    hint: "Its report is missing, so it cannot be resumed: move the file away, or choose another --output",
  });
}
