import type { ModelFile, ModelVersion } from "../../civitai/mod.ts";
import { matchesGlob } from "./_matches_glob.ts";
import type { Choice } from "../choice.ts";

/** Short words for file types, as `--files` takes them. */
const TYPE_WORDS: Readonly<Record<string, readonly string[]>> = {
  model: ["Model", "Pruned Model", "Diffusion Model", "UNet"],
  "training-data": ["Training Data"],
  text: ["Text Encoder"],
};

/**
 * Choose the files of a version. By id, never by position: the API's order is not a promise.
 *
 * @param version The version
 * @param choice What is wanted
 * @returns The chosen files, the primary one first
 */
export function chooseFiles(version: ModelVersion, choice: Choice): readonly ModelFile[] {
  const sorted = version.files.toSorted((a, b) => Number(b.primary) - Number(a.primary) || a.id - b.id);
  const narrowed = sorted.filter((file) =>
    isOneOf(file.format, choice.formats) && isOneOf(file.fp, choice.fps) && isOneOf(file.size, choice.sizes) &&
    !choice.exclude.some((pattern) => matchesGlob(file.name, pattern))
  );
  if (choice.files.includes("all")) return narrowed;
  return narrowed.filter((file, index) => choice.files.some((word) => isWanted(file, word, index)));
}

/** With filters the primary file may be gone: the best of what is left stands in for it. */
function isWanted(file: ModelFile, word: string, index: number): boolean {
  if (word === "primary") return file.primary || (index === 0 && isWeights(file));
  const types = TYPE_WORDS[word] ?? [word];
  return types.some((type) =>
    type.replaceAll(/[\s-]/g, "").toLowerCase() === file.type.replaceAll(/[\s-]/g, "").toLowerCase()
  );
}

function isWeights(file: ModelFile): boolean {
  return file.type !== "Training Data" && file.type !== "Config";
}

function isOneOf(value: string | null, wanted: readonly string[]): boolean {
  return wanted.length === 0 || (value !== null && wanted.some((word) => word.toLowerCase() === value.toLowerCase()));
}
