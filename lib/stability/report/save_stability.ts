import { writeAtomic } from "../../base/mod.ts";
import type { SoakEvidence, SoakFiles, SoakReport } from "../../soak/mod.ts";
import { stabilityPages } from "./stability_pages.ts";

/** A file that the system refused to write. */
export interface Unsaved {
  /** The file. */
  readonly path: string;
  /** As the system gave it: its code decides how the command ends. */
  readonly error: Error;
}

/** What a run found, and what of it could not be written. */
export interface SavedStability {
  /** The sealed report, whether or not it could be written. */
  readonly evidence: SoakEvidence;
  /** All of them, the report first; empty if all is there. */
  readonly unsaved: readonly Unsaved[];
}

/**
 * Write the report and its pages. A disk that is full takes nothing from what is known: the evidence is given all the
 * same, and each file is tried.
 *
 * @param files Of the run
 * @param report Its last
 * @returns The evidence, and the files that could not be written
 */
export async function saveStability(files: SoakFiles, report: SoakReport): Promise<SavedStability> {
  const evidence = files.seal(report);
  const pages = await stabilityPages(files.path, evidence);
  const refusals = [await refusalOf(files.path, () => files.finish(report))];
  for (const [path, text] of pages) refusals.push(await refusalOf(path, () => writeAtomic(path, text)));
  return { evidence, unsaved: refusals.filter((refused) => refused !== null) };
}

async function refusalOf(path: string, write: () => Promise<unknown>): Promise<Unsaved | null> {
  try {
    await write();
    return null;
  } catch (error) {
    // Only what the system refuses; a mistake of the program is not to be taken for a full disk.
    if (error instanceof Error && "code" in error) return { path, error };
    throw error;
  }
}
