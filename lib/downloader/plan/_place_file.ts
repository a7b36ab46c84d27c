import { posix } from "node:path";
import type { Model, ModelFile, ModelVersion } from "../../civitai/mod.ts";
import { cleanName, foldPath, hasModelEnding, planPath, splitName } from "../../library/mod.ts";
import { namingFacts } from "../naming_facts.ts";
import type { SettledPlanning } from "./settled_planning.ts";

/** A file of a version of a model. */
export interface PlacedFile {
  readonly model: Model;
  readonly version: ModelVersion;
  readonly file: ModelFile;
}

/**
 * Choose the path of a new file. In the classic layout, each version has its own folder, with its description. If
 * another version has the same folder, or would have it on some file systems, the id of the version is added.
 */
export function placeFile(context: SettledPlanning, placed: PlacedFile): string {
  const { choice: { layout, template }, library: { catalog } } = context;
  const { model, version, file } = placed;
  const besidePath = file.type === "Config" ? modelPathOf(context, placed) : null;
  const pathOf = (name: string): string => {
    const facts = { ...namingFacts(model, { ...version, name }, file), besidePath };
    return planPath(facts, { layout, ...(template === null ? {} : { template }) });
  };
  if (template !== null || layout !== "classic") return pathOf(distinctName(context, model, version));
  const path = pathOf(version.name);
  const owners = catalog.versionsIn(posix.dirname(path));
  return owners.length === 0 || owners.includes(version.id)
    ? path
    : pathOf(`${cleanName(version.name)} [${version.id}]`);
}

/** Path of the model file of a version: programs find its configuration next to it, under the same name. */
function modelPathOf({ library: { catalog } }: SettledPlanning, { model, version }: PlacedFile): string | null {
  const files = catalog.items({ modelId: model.id, kinds: ["file"] });
  return files.find(({ versionId, path }) => versionId === version.id && hasModelEnding(posix.basename(path)))?.path ??
    null;
}

/**
 * Return a function that checks whether another file of the library would have the same sidecars as a file at a path.
 * Sidecars of `_CON.safetensors` and `_con.ckpt` have the same names on some systems. Files of one version with
 * identical stems share their sidecars.
 */
export function hasOthersSidecars(
  context: SettledPlanning,
  placed: PlacedFile,
  wantedPath: string,
): (path: string) => boolean {
  const own = stemOf(wantedPath);
  return (path) =>
    context.library.catalog.filesOfStem(path).some((other) =>
      foldPath(other.path) !== foldPath(path) && (other.versionId !== placed.version.id || stemOf(other.path) !== own)
    );
}

function stemOf(path: string): string {
  return splitName(posix.basename(path)).stem;
}

/** Name of a version for paths: two versions with the same name would get the same path from a template without ids. */
function distinctName(context: SettledPlanning, model: Model, version: ModelVersion): string {
  const { catalog } = context.library;
  const place = `folder:${foldPath(`${model.creator}_${model.name}_${version.baseModel}_${version.name}`)}`;
  const owner = catalog.note(place);
  if (owner === null) catalog.setNote(place, String(version.id));
  return owner === null || owner === String(version.id) ? version.name : `${version.name} [${version.id}]`;
}
