import { writeAtomic } from "../../base/mod.ts";
import type { SoakEvidence, SoakFiles, SoakReport } from "../../soak/mod.ts";
import { stabilityPages } from "./stability_pages.ts";

/** A file that could not be written because of a system error. */
export interface Unsaved {
  /** Path of the file. */
  readonly path: string;
  /** The system error, whose `code` is for example `ENOSPC`. */
  readonly error: Error;
}

/** The evidence of a run, and the files that could not be written. */
export interface SavedStability {
  /** The report, whether or not it could be written. */
  readonly evidence: SoakEvidence;
  /** Files that could not be written, the report first; empty if all were written. */
  readonly unsaved: readonly Unsaved[];
}

/**
 * Write the report and its pages. If a file cannot be written, the others are still tried. The evidence is returned
 * even if no file could be written, for example because the disk is full.
 *
 * @param files Report file of the run
 * @param report Final report
 * @returns The evidence, and the files that could not be written
 */
export async function saveStability(files: SoakFiles, report: SoakReport): Promise<SavedStability> {
  const evidence = files.complete(report);
  const pages = stabilityPages(files.path, evidence);
  const refusals = [await refusalOf(files.path, () => files.write(report))];
  for (const [path, text] of pages) refusals.push(await refusalOf(path, () => writeAtomic(path, text)));
  return { evidence, unsaved: refusals.filter((refused) => refused !== null) };
}

async function refusalOf(path: string, write: () => Promise<unknown>): Promise<Unsaved | null> {
  try {
    await write();
    return null;
  } catch (error) {
    // Only system errors have a code; a bug in the program must not look like a full disk.
    if (error instanceof Error && "code" in error) return { path, error };
    throw error;
  }
}
