import { join } from "node:path";
import { loadProgram, type Program, renderCompletions, type Shell, SHELLS } from "../../lib/cli/mod.ts";
import { writeBundle } from "./write_bundle.ts";

/** Where the files of the program go, relative to the folder of a package. */
export interface ProgramPlaces {
  /** The bundle. */
  readonly bundle: string;
  /** The manual page. */
  readonly man: string;
  /** The completion script of each shell. */
  readonly completions: Readonly<Record<Shell, string>>;
}

/** Options of {@linkcode writeProgramFiles}. */
export interface WriteProgramOptions {
  /** Root of the checkout. */
  readonly root: string;
  /** Folder of the package, which exists with the folders of the places. */
  readonly folder: string;
  /** Where the files go. */
  readonly places: ProgramPlaces;
  /** Stops the bundling. */
  readonly signal: AbortSignal;
}

/**
 * Write what every package has: the bundle, the manual page and the completions.
 *
 * @param program The program of the completions
 * @param options Places and signal
 * @throws {KitError} `failed` if the program cannot be bundled
 */
export async function writeProgramFiles(program: Program, options: WriteProgramOptions): Promise<void> {
  const { root, folder, places, signal } = options;
  await writeBundle({ root, file: join(folder, places.bundle), signal });
  await Deno.copyFile(join(root, "docs", "civitai-dl.1"), join(folder, places.man));
  const loaded = await loadProgram(program);
  for (const shell of SHELLS) {
    await Deno.writeTextFile(join(folder, places.completions[shell]), renderCompletions(loaded, shell));
  }
}
