import type { CatalogFile } from "../../catalog/catalog_model.ts";
import type { FilePreference } from "./file_preference.ts";

const MAIN_TYPES = ["Model", "Pruned Model", "Diffusion Model", "UNet"];
const WEIGHTS = { format: 100, size: 10, fp: 1, quantType: 0.5 } as const;

/**
 * Choose the file that matches a preference best. Properties that match increase its score, those that differ decrease
 * it, and files with weights come before all others.
 *
 * @param files The files of a version
 * @param preference The caller's preference
 * @returns The file, or `null` if there is none
 */
export function chooseFile(files: readonly CatalogFile[], preference: FilePreference): CatalogFile | null {
  const scored = files.map((file) => ({ file, score: scoreOf(file, preference) }));
  return scored.sort((a, b) => b.score - a.score)[0]?.file ?? null;
}

function scoreOf(file: CatalogFile, preference: FilePreference): number {
  let score = MAIN_TYPES.includes(file.type) ? 1000 : 0;
  for (const name of ["format", "size", "fp", "quantType"] as const) {
    if (file[name] === null || preference[name] === undefined) continue;
    score += file[name] === preference[name] ? WEIGHTS[name] : -WEIGHTS[name];
  }
  return score;
}
