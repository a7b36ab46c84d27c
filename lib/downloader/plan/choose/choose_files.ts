import type { ModelFile, ModelVersion } from "../../../civitai/mod.ts";
import { matchesGlob } from "./_matches_glob.ts";
import type { Choice } from "../../choice.ts";

/** File types by the short words that `--files` accepts. */
const TYPE_ALIASES: Readonly<Record<string, readonly string[]>> = {
  model: ["Model", "Pruned Model", "Diffusion Model", "UNet"],
  "training-data": ["Training Data"],
  text: ["Text Encoder"],
};

/**
 * Choose the files of a version. Files are ordered by id, never by position: the API does not guarantee its order.
 *
 * @param version A version with all its files
 * @param choice Filters, and the wanted types
 * @returns The chosen files, the primary one first
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { chooseFiles, DEFAULT_CHOICE } from "@civitai-dl/civitai-dl/downloader";
 *
 * const files = [{ id: 3, name: "a.safetensors", primary: true }, { id: 4, name: "a.yaml", type: "Config" }];
 * const { versions: [version] } = parseModel({ id: 1, name: "A", modelVersions: [{ id: 2, files }] });
 * assertEquals(chooseFiles(version!, DEFAULT_CHOICE).map((file) => file.id), [3]);
 * assertEquals(chooseFiles(version!, { ...DEFAULT_CHOICE, files: ["config"] }).map((file) => file.id), [4]);
 * ```
 */
export function chooseFiles(version: ModelVersion, choice: Choice): readonly ModelFile[] {
  const sorted = version.files.toSorted((a, b) => Number(b.primary) - Number(a.primary) || a.id - b.id);
  const narrowed = sorted.filter((file) =>
    isOneOf(file.format, choice.formats) && isOneOf(file.fp, choice.fps) && isOneOf(file.size, choice.sizes) &&
    !choice.exclude.some((pattern) => matchesGlob(file.name, pattern))
  );
  const isAll = choice.files.includes("all");
  const chosen = narrowed.filter((file, index) => isAll || choice.files.some((term) => isWanted(file, term, index)));
  return leaveOutFiles({ ...version, files: chosen }, choice);
}

/** Return the files of a version without those that are left out by their keys. */
export function leaveOutFiles(
  { id, files }: Pick<ModelVersion, "id" | "files">,
  { except }: Pick<Choice, "except">,
): readonly ModelFile[] {
  return except.files.length === 0 ? files : files.filter((file) => !except.files.includes(`file:${id}:${file.id}`));
}

/** Match a file against a word of `--files`. If filters remove the primary file, the first one left may replace it. */
function isWanted(file: ModelFile, term: string, index: number): boolean {
  if (term === "primary") return file.primary || (index === 0 && isWeights(file));
  const types = TYPE_ALIASES[term] ?? [term];
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
