import { basename } from "node:path/posix";
import type { Model } from "../../civitai/mod.ts";
import { classifyFailure } from "../../failsafe/mod.ts";
import type { Catalog, CatalogItem, ItemState } from "../../library/mod.ts";
import type { RemovedModel } from "./report/plan_report.ts";
import type { SettledPlanning } from "./settled_planning.ts";
import {
  forgetRemoval,
  isRemoved,
  itemsOf,
  markSidecarsDue,
  noteRemoval,
  readRemovals,
  type RemovablePart,
  type Removals,
} from "./removal_notes.ts";

/** States of items that a run would request, although the site no longer has them. */
const PENDING: readonly ItemState[] = ["planned", "failed", "deferred", "corrupted"];

/**
 * Find out whether something that cannot be found is of the library, and the site has removed it since. What the library
 * does not know has perhaps been misspelled.
 *
 * @param context The library
 * @param part The model or version that was requested
 * @param error Error of the request for it
 */
export function isRemoval(
  { library: { catalog } }: Pick<SettledPlanning, "library">,
  part: RemovablePart,
  error: unknown,
): boolean {
  return classifyFailure(error) === "gone" && hasFiles(catalog, part);
}

/** Whether the library has, or once planned, a model file of something. */
export function hasFiles(catalog: Pick<Catalog, "items">, part: RemovablePart): boolean {
  return catalog.items({ ...itemsOf(part), kinds: ["file"] }).next().done !== true;
}

/**
 * Record that the site no longer has a model, version or file, and report it. What the library has is kept; what is
 * missing of it is no longer requested. The first run that finds it also warns of it.
 *
 * @param context Catalog, report and events of the run
 * @param part What is gone
 * @param options Whether a target names it
 */
export function recordRemoved(
  context: SettledPlanning,
  part: RemovablePart,
  options: { readonly isNamed: boolean },
): void {
  const { library: { catalog }, report, clock, onEvent } = context;
  const isFirst = !isRemoved(catalog, part);
  const named = nameOf(catalog, part);
  const keptFiles = catalog.totals({ ...itemsOf(part), kinds: ["file"], states: ["done"] }).count;
  report.addRemoved({ modelId: part.modelId, ...named, keptFiles, isNews: isFirst || options.isNamed });
  if (!isFirst) return;
  catalog.transaction(() => {
    noteRemoval(catalog, part, clock.now());
    for (const item of catalog.items({ ...itemsOf(part), states: PENDING })) {
      catalog.mark(item.key, { state: "refused", outcome: "removed", reason: "removed on Civitai" });
    }
    markSidecarsDue(catalog, part);
  });
  const target = part.type === "model" ? `model:${part.modelId}` : `version:${part.versionId}`;
  onEvent({ type: "warning", message: `Removed on Civitai, kept: ${sayRemoved({ ...part, ...named })}`, target });
}

function nameOf(
  catalog: Pick<Catalog, "model" | "version" | "item">,
  part: RemovablePart,
): Omit<RemovedName, "modelId"> {
  const name = catalog.model(part.modelId)?.name ?? null;
  if (part.type === "model") return { name };
  const { versionId: id } = part;
  const version = { id, name: catalog.version(id)?.name ?? String(id) };
  if (part.type === "version") return { name, version };
  return { name, version, file: { key: part.key, name: basename(catalog.item(part.key)?.path ?? part.key) } };
}

/** What is gone, by the names that the catalog has. */
type RemovedName = Pick<RemovedModel, "modelId" | "name" | "version" | "file">;

/**
 * Say what is gone, with the word by which a target names it.
 *
 * @param removed Ids and names of a model, version or file
 * @returns Words such as `version:20 (Lantern Fields / v2)`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sayRemoved } from "@civitai-dl/civitai-dl/downloader";
 *
 * const version = { id: 20, name: "v2" };
 * assertEquals(sayRemoved({ modelId: 1, name: "Lantern Fields", version }), "version:20 (Lantern Fields / v2)");
 * ```
 */
export function sayRemoved(
  { modelId, name, version, file }: Pick<RemovedModel, "modelId" | "name" | "version" | "file">,
): string {
  if (version === undefined) return `model:${modelId}${name === null ? "" : ` (${name})`}`;
  const said = `version:${version.id} (${[name, version.name].filter((word) => word !== null).join(" / ")})`;
  return file === undefined ? said : `${file.name} of ${said}`;
}

/** A version of the library of which a whole answer about its model lacks something. */
export interface Vanished {
  readonly modelId: number;
  readonly versionId: number;
  /** Keys of the files that are not listed; `null` if the version is not listed. */
  readonly keys: ReadonlySet<string> | null;
}

/**
 * Find what the library has of models, and whole answers about them no longer list. Answers that were filtered, of which
 * a part cannot be read, or of models that are archived or taken down, prove nothing.
 *
 * @param models The models as the API lists them now, each with all its versions
 * @param items Items of these models
 * @param removals What is known to be removed, which is not found again
 */
export function findVanished(
  models: readonly Model[],
  items: Iterable<CatalogItem>,
  removals: Removals,
): readonly Vanished[] {
  const whole = models.filter(({ mode, unreadable = [] }) => mode === null && unreadable.length === 0);
  const listed = new Map(whole.map((model) => [model.id, new Map(model.versions.map((one) => [one.id, one]))]));
  const vanished = new Map<number, { modelId: number; versionId: number; keys: Set<string> | null }>();
  for (const { kind, modelId, versionId, fileId, key } of items) {
    if (kind !== "file" || modelId === null || versionId === null || removals.versions.has(versionId)) continue;
    const versions = listed.get(modelId);
    if (versions === undefined) continue;
    const version = versions.get(versionId);
    if (version === undefined) {
      vanished.set(versionId, { modelId, versionId, keys: null });
      continue;
    }
    // A version that may not be downloaded now lists no files.
    const isPartial = version.files.length === 0 || (version.unreadable ?? []).length > 0;
    if (isPartial || removals.files.has(key) || version.files.some(({ id }) => id === fileId)) continue;
    vanished.getOrInsertComputed(versionId, () => ({ modelId, versionId, keys: new Set() })).keys?.add(key);
  }
  return [...vanished.values()];
}

/**
 * Ask for each vanished version by its id, and record as removed what is really gone. A listing with a hole takes nothing
 * away; if the request fails for another reason, the next run asks again.
 *
 * @param options Whether a target names what vanished
 */
export async function settleVanished(
  context: SettledPlanning,
  vanished: readonly Vanished[],
  options: { readonly isNamed: boolean } = { isNamed: false },
): Promise<void> {
  const { client, signal, service, library: { catalog } } = context;
  for (const { modelId, versionId, keys } of vanished) {
    const part: RemovablePart = { type: "version", modelId, versionId };
    try {
      const version = await client.version(versionId, { signal });
      if (keys === null || version.files.length === 0 || (version.unreadable ?? []).length > 0) continue;
      const files = new Set(version.files.map(({ id }) => id));
      for (const key of keys) {
        const fileId = catalog.item(key)?.fileId ?? null;
        if (fileId !== null && files.has(fileId)) continue;
        recordRemoved(context, { type: "file", modelId, versionId, key }, options);
      }
    } catch (error) {
      if (isRemoval(context, part, error)) recordRemoved(context, part, options);
      else if (signal.aborted || service.scopeOf(error) === "run") throw error;
    }
  }
}

/** Forget that the site did not have a model, versions or files that an answer of it lists. */
export function clearRemovals(catalog: Catalog, model: Model, removals = readRemovals(catalog)): void {
  const { models, versions, files } = removals;
  const modelId = model.id;
  if (models.has(modelId)) forgetRemoval(catalog, { type: "model", modelId });
  if (versions.size === 0 && files.size === 0) return;
  for (const { id: versionId, files: listed } of model.versions) {
    if (versions.has(versionId)) forgetRemoval(catalog, { type: "version", modelId, versionId });
    for (const { id } of listed) {
      const key = `file:${versionId}:${id}`;
      if (files.has(key)) forgetRemoval(catalog, { type: "file", modelId, versionId, key });
    }
  }
}
