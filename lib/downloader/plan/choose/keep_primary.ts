import type { ModelFile, ModelVersion } from "../../../civitai/mod.ts";
import type { Catalog } from "../../../library/mod.ts";

/**
 * Mark the file that an earlier run planned as the primary one. Which file the API calls primary depends on the
 * endpoint and on the account's preferences; without this, an update could fetch the same weights again in another
 * precision.
 */
export function keepPrimary(catalog: Pick<Catalog, "item">, version: ModelVersion): ModelVersion {
  const { files } = version;
  const isKnown = ({ id }: ModelFile): boolean => catalog.item(`file:${version.id}:${id}`) !== null;
  const primary = files.find((file) => file.primary);
  if (primary === undefined || files.length === 1 || isKnown(primary)) return version;
  const kept = files.find((file) => file.type === primary.type && isKnown(file));
  if (kept === undefined) return version;
  return { ...version, files: files.map((file) => ({ ...file, primary: file.id === kept.id })) };
}
