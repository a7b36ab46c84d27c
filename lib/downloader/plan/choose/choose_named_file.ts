import { KitError } from "../../../base/mod.ts";
import type { HashKind, ModelFile, ModelVersion } from "../../../civitai/mod.ts";

/** A hash that identifies a file. */
export interface NamedHash {
  /** Hexadecimal digits in lower case. */
  readonly hash: string;
  /** Kinds of hashes that have its length. */
  readonly kinds: readonly HashKind[];
  /**
   * Files from the response to the lookup, since not every response contains all hashes.
   *
   * @default {[]}
   */
  readonly found?: readonly ModelFile[] | undefined;
}

/**
 * Choose the file of a version that has a hash: the lookup returns the version, not the file.
 *
 * @param version The version as its model lists it
 * @param named The hash, its possible kinds, and the result of the lookup
 * @returns The file; the primary one of several with the same bytes
 * @throws {KitError} `failed` if no file has the hash, or files with different bytes have it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { chooseFileByHash } from "@civitai-dl/civitai-dl/downloader";
 *
 * const files = [{ id: 3, name: "a.safetensors", hashes: { CRC32: "1A2B3C4D" } }, { id: 4, name: "b.safetensors" }];
 * const { versions: [version] } = parseModel({ id: 1, name: "A", modelVersions: [{ id: 2, files }] });
 * assertEquals(chooseFileByHash(version!, { hash: "1a2b3c4d", kinds: ["CRC32"] }).id, 3);
 * ```
 */
export function chooseFileByHash(version: ModelVersion, named: NamedHash): ModelFile {
  const { hash, kinds, found = [] } = named;
  const has = ({ hashes }: ModelFile): boolean => kinds.some((kind) => hashes[kind] === hash);
  const ids = new Set([...version.files, ...found].filter(has).map((file) => file.id));
  const files = version.files.filter((file) => ids.has(file.id));
  const what = `the file with ${kinds.join(" or ")} "${hash}"`;
  if (files.length === 0) {
    throw new KitError("failed", `Cannot find ${what}: version ${version.id} lists no file with it`);
  }
  const contents = new Set(files.map((file) => file.hashes.SHA256 ?? file.id));
  if (contents.size > 1) throw ambiguous(what, version, files);
  return files.find((file) => file.primary) ?? files[0]!;
}

/** Weights of the properties in the download route: a match adds the weight, a difference subtracts it. */
const WEIGHTS = { format: 100, size: 10, fp: 1, quantType: 0.5 } as const;
const PREFERRED = { format: "SafeTensor", size: "pruned", fp: "fp16", quantType: "Q4_K_M" } as const;
const MAIN_TYPES = ["Model", "Pruned Model", "Diffusion Model", "UNet"];
const MAIN_SCORE = 1000;

/**
 * Choose the file that the parameters of a download link select, as the download route does: each parameter must match.
 * Of several such files, the primary one is chosen, which reflects the account's preferences. If none of them is
 * primary, the file that the service prefers is chosen.
 *
 * @param version The version as its model lists it
 * @param query `type`, `format`, `size`, `fp`, `quantType`, or some of them
 * @returns The file
 * @throws {KitError} `failed` if no file matches, or several match equally well
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { chooseFileByQuery } from "@civitai-dl/civitai-dl/downloader";
 *
 * const files = [
 *   { id: 3, name: "a.safetensors", type: "Model", metadata: { format: "SafeTensor" } },
 *   { id: 4, name: "a.gguf", type: "Model", metadata: { format: "GGUF" } },
 * ];
 * const { versions: [version] } = parseModel({ id: 1, name: "A", modelVersions: [{ id: 2, files }] });
 * assertEquals(chooseFileByQuery(version!, { type: "Model", format: "GGUF" }).id, 4);
 * ```
 */
export function chooseFileByQuery(version: ModelVersion, query: Readonly<Record<string, string>>): ModelFile {
  const wanted = Object.entries(query);
  const what = `the file with ${wanted.map(([name, value]) => `${name} "${value}"`).join(" and ")}`;
  const files = version.files.filter((file) => wanted.every(([name, value]) => isSame(propertyOf(file, name), value)));
  if (files.length === 0) throw new KitError("failed", `Cannot find ${what}: version ${version.id} has none`);
  const primary = files.find((file) => file.primary);
  if (primary !== undefined) return primary;
  const best = files.reduce((most, file) => Math.max(most, scoreOf(file)), -Infinity);
  const preferred = files.filter((file) => scoreOf(file) === best);
  if (preferred.length > 1) throw ambiguous(what, version, preferred);
  return preferred[0]!;
}

function propertyOf(file: ModelFile, name: string): string | null {
  const { type, format, size, fp, quantType } = file;
  const properties: Readonly<Record<string, string | null>> = { type, format, size, fp, quantType };
  return properties[name] ?? null;
}

function isSame(actual: string | null, wanted: string): boolean {
  return actual !== null && actual.toLowerCase() === wanted.toLowerCase();
}

function scoreOf(file: ModelFile): number {
  let score = MAIN_TYPES.includes(file.type) ? MAIN_SCORE : 0;
  for (const name of ["format", "size", "fp", "quantType"] as const) {
    if (file[name] !== null) score += file[name] === PREFERRED[name] ? WEIGHTS[name] : -WEIGHTS[name];
  }
  return score;
}

function ambiguous(what: string, version: ModelVersion, files: readonly ModelFile[]): KitError {
  const list = files.map(({ id, name }) => `${id} (${name})`).join(", ");
  return new KitError(
    "failed",
    `Cannot choose ${what}: version ${version.id} has ${files.length}: ${list}; name one by its SHA-256, or with ` +
      `https://civitai.com/api/download/models/${version.id}?fileId=${files[0]!.id}`,
  );
}
