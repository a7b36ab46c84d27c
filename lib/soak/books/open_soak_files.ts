import { exists } from "@std/fs";
import { dirname } from "node:path";
import { acquireLock, type EvidenceHeader, KitError, openNoFollow, sealEvidence, writeAtomic } from "../../base/mod.ts";
import { cutJournal } from "./_cut_journal.ts";
import type { SoakReport } from "./soak_report.ts";
import type { SoakRow } from "./soak_row.ts";

/** The header of a sealed report, without what the report itself knows. */
export type SoakFacts = Pick<EvidenceHeader, "schema" | "version" | "tool" | "commit" | "machine" | "startedAt"> & {
  /** How the work was set up; a run is resumed only with the same. */
  readonly settings: Readonly<Record<string, unknown>>;
};

/** A sealed report. */
export type SoakEvidence = SoakFacts & SoakReport & { readonly endedAt: string; readonly digest: string };

/** Options of {@linkcode openSoakFiles}. */
export interface OpenSoakFilesOptions {
  /**
   * Reads the report at `path` to go on with its run, as {@linkcode resumeSoak} does; called when no other run can write
   * it any more. What it throws leaves all as it is. Then the journal is cut back to the intervals that the report knows.
   *
   * @default {none: files that are there belong to another run, and are refused}
   */
  readonly resume?: ((text: string) => SoakEvidence) | undefined;
  /**
   * Replaces a file.
   *
   * @default {writeAtomic}
   */
  readonly replace?: ((path: string, text: string) => Promise<void>) | undefined;
  /**
   * Adds to a file.
   *
   * @default {open, append, close, through no link}
   */
  readonly append?: ((path: string, text: string) => Promise<void>) | undefined;
}

/** The files of a run, held by one process alone. */
export interface SoakFiles extends Disposable {
  /** The report. */
  readonly path: string;
  /** One line of JSON for each interval. */
  readonly journal: string;
  /** The report that the run goes on from; `null` if it begins. */
  readonly resumed: SoakEvidence | null;
  /** What {@linkcode SoakFiles.finish} writes. */
  seal(report: SoakReport): SoakEvidence;
  /** Add the interval to the journal, and replace the report: at any moment both can be read. */
  write(row: SoakRow, report: SoakReport): Promise<void>;
  /** Replace the report for the last time. */
  finish(report: SoakReport): Promise<SoakEvidence>;
}

/**
 * Open the files of a run; a second one in the same folder is refused.
 *
 * @param path The report; its folder must exist, and the journal stands beside it, with `.jsonl`
 * @param facts What is to be known of machine and program; a run that goes on keeps its settings and when it began
 * @param options Seams
 * @returns The files
 * @throws {KitError} `unsafe` if another run works in the folder, or has left its files; `usage` if there is no report to
 * go on from
 */
export async function openSoakFiles(
  path: string,
  facts: SoakFacts,
  options: OpenSoakFilesOptions = {},
): Promise<SoakFiles> {
  const { replace = writeAtomic, resume } = options;
  const { append = appendText } = options;
  const journal = `${path.replace(/\.json$/, "")}.jsonl`;
  // Where there is no report, no lock file is left either.
  if (resume !== undefined && !await exists(path)) throw noReport(path);
  using stack = new DisposableStack();
  const lock = stack.use(await acquireLock(`${dirname(path)}/stability.lock`, { command: "stability" }));
  // Only now: until the lock was ours, its run may have written another interval, or its last word.
  const resumed = resume === undefined ? null : resume(await readReport(path));
  if (resumed === null) await refuseOthers({ path, journal });
  else await cutJournal(journal, resumed.omittedRows + resumed.rows.length);
  stack.move();
  const kept = resumed === null ? {} : { startedAt: resumed.startedAt, settings: resumed.settings };
  const seal = (report: SoakReport): SoakEvidence => {
    const endedAt = report.sittings.at(-1)?.endedAt ?? facts.startedAt;
    return sealEvidence({ ...facts, ...kept, ...report, endedAt });
  };
  const save = async (report: SoakReport): Promise<SoakEvidence> => {
    const sealed = seal(report);
    await replace(path, `${JSON.stringify(sealed)}\n`);
    return sealed;
  };
  return {
    path,
    journal,
    resumed,
    seal,
    async write(row, report) {
      try {
        await append(journal, `${JSON.stringify(row)}\n`);
      } catch (error) {
        // Half of the line may be there, and the next one would be glued to it.
        await cutJournal(journal).catch(() => {});
        throw error;
      }
      await save(report);
    },
    finish: save,
    [Symbol.dispose]: () => lock[Symbol.dispose](),
  };
}

async function appendText(path: string, text: string): Promise<void> {
  using file = await openNoFollow(path, { append: true, create: true });
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length;) offset += await file.write(bytes.subarray(offset));
}

async function readReport(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw noReport(path, error);
  }
}

function noReport(path: string, cause?: Error): KitError {
  return new KitError("usage", `Cannot resume "${path}": there is no such report`, { cause });
}

async function refuseOthers({ path, journal }: Pick<SoakFiles, "path" | "journal">): Promise<void> {
  const refusal = (found: string, hint: string) =>
    new KitError("unsafe", `Cannot begin: "${found}" is of an earlier run`, { hint });
  if (await exists(path)) throw refusal(path, "Go on with that run by --resume, or give another --output");
  if (!await exists(journal)) return;
  throw refusal(journal, "Its report is not there, so it cannot go on: move it away, or give another --output");
}
