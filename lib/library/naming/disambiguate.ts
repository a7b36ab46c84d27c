import { fitName, NAME_LIMITS } from "./_fit_name.ts";
import { foldPath } from "./fold_path.ts";
import { safeName } from "./safe_name.ts";
import { splitName } from "./split_name.ts";

/**
 * Find a free path for a file whose own path is taken, by adding a distinguishing word: `style [fp16].safetensors`. The
 * same input and the same results of `taken` always give the same path.
 *
 * @param path Relative path with forward slashes
 * @param hints Words that distinguish the file, best first (fp, quant, size), the file id last; empty ones are skipped
 * @param taken Whether a folded path (see {@linkcode foldPath}) belongs to another file
 * @returns The path itself if it is free, otherwise with the first hint that gives a free path, otherwise with a number
 * from 2
 * @throws {RangeError} If every number below 100 000 is taken too
 */
export function disambiguate(
  path: string,
  hints: readonly string[],
  taken: (foldedPath: string) => boolean,
): string {
  if (!taken(foldPath(path))) return path;
  const slash = path.lastIndexOf("/") + 1;
  const { stem, ext } = splitName(path.slice(slash));
  for (const suffix of suffixes(hints)) {
    const candidate = path.slice(0, slash) + fitName(stem, ` [${suffix}]${ext}`, NAME_LIMITS);
    if (!taken(foldPath(candidate))) return candidate;
  }
  throw new RangeError(`Cannot find a free name for "${path}": every number is taken`);
}

function* suffixes(hints: readonly string[]): Generator<string> {
  const cleaned = hints.map((hint) => safeName(hint, { fallback: "", maxChars: 60 })).filter((hint) => hint !== "");
  yield* new Set(cleaned);
  for (let number = 2; number < 100_000; number++) yield String(number);
}
