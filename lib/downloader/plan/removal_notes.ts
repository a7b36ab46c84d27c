import type { Catalog, CatalogItem, ItemFilter } from "../../library/mod.ts";

/** Prefixes of the catalog's notes on what the site no longer has of the library; the value is a date. */
const NOTES = { model: "removed:", version: "removed-version:", file: "removed-file:" } as const;
/** Prefix of the notes on files whose sidecars have to say something else about that; they have no value. */
const DUE = "removal-sidecar:";

/** A model, version or file of the library, by its id or the key of its item. */
export type RemovablePart =
  | { readonly type: "model"; readonly modelId: number }
  | { readonly type: "version"; readonly modelId: number; readonly versionId: number }
  | { readonly type: "file"; readonly modelId: number; readonly versionId: number; readonly key: string };

/** When it was found that the site no longer has something of the library, ISO 8601 UTC. */
export interface Removals {
  /** Dates by the id of the model. */
  readonly models: ReadonlyMap<number, string>;
  /** Dates by the id of the version. */
  readonly versions: ReadonlyMap<number, string>;
  /** Dates by the key of the file's item. */
  readonly files: ReadonlyMap<string, string>;
}

/** Whether it is recorded that the site no longer has a model, version or file. */
export function isRemoved(catalog: Pick<Catalog, "note">, part: RemovablePart): boolean {
  return catalog.note(noteOf(part)) !== null;
}

/** Record when it was found that the site no longer has something, in milliseconds since the epoch. */
export function noteRemoval(catalog: Pick<Catalog, "setNote">, part: RemovablePart, now: number): void {
  catalog.setNote(noteOf(part), new Date(now).toISOString());
}

/** Forget that the site did not have something: it is back. Its sidecars are due again. */
export function forgetRemoval(catalog: Catalog, part: RemovablePart): void {
  catalog.setNote(noteOf(part), null);
  markSidecarsDue(catalog, part);
}

/**
 * Let a run write the sidecars of files again, since they say whether the site has their version. The run that plans this
 * need not plan the files.
 */
export function markSidecarsDue(catalog: Catalog, part: RemovablePart): void {
  const done = [...catalog.items({ ...itemsOf(part), kinds: ["file"], states: ["done"] })];
  for (const { key } of done) {
    catalog.setSidecarDigest(key, null);
    catalog.setNote(`${DUE}${key}`, "");
  }
}

/** Keys of the files whose sidecars {@linkcode markSidecarsDue} has marked, and that are not written yet. */
export function dueSidecars(catalog: Pick<Catalog, "notes">): readonly string[] {
  return catalog.notes(DUE).map(({ name }) => name.slice(DUE.length));
}

/** Record that the sidecars of a file are written. */
export function settleDueSidecars(catalog: Pick<Catalog, "setNote">, key: string): void {
  catalog.setNote(`${DUE}${key}`, null);
}

/** Read all that is recorded as removed from the site. */
export function readRemovals(catalog: Pick<Catalog, "notes">): Removals {
  const read = <Id>(prefix: string, idOf: (name: string) => Id): ReadonlyMap<Id, string> =>
    new Map(catalog.notes(prefix).map(({ name, value }) => [idOf(name.slice(prefix.length)), value]));
  return {
    models: read(NOTES.model, Number),
    versions: read(NOTES.version, Number),
    files: read(NOTES.file, String),
  };
}

/** When it was found that the site no longer has a file, its version or its model; `null` if it has it. */
export function removalOf(
  { models, versions, files }: Removals,
  { modelId, versionId, key }: Pick<CatalogItem, "modelId" | "versionId" | "key">,
): string | null {
  const ofModel = modelId === null ? undefined : models.get(modelId);
  const ofVersion = versionId === null ? undefined : versions.get(versionId);
  return ofModel ?? ofVersion ?? files.get(key) ?? null;
}

/** Whether the site no longer has a file, its version or its model; for one file, as {@linkcode removalOf}. */
export function isRemovedItem(
  catalog: Pick<Catalog, "note">,
  { modelId, versionId, key }: Pick<CatalogItem, "modelId" | "versionId" | "key">,
): boolean {
  if (catalog.note(`${NOTES.file}${key}`) !== null) return true;
  if (versionId !== null && catalog.note(`${NOTES.version}${versionId}`) !== null) return true;
  return modelId !== null && catalog.note(`${NOTES.model}${modelId}`) !== null;
}

/** The items that the site no longer has meet at least one of these conditions. */
export function removedItems(catalog: Pick<Catalog, "notes">): readonly ItemFilter[] {
  const { models, versions, files } = readRemovals(catalog);
  return [{ modelIds: [...models.keys()] }, { versionIds: [...versions.keys()] }, { keys: new Set(files.keys()) }];
}

/** The condition on items of a model, version or file. */
export function itemsOf(part: RemovablePart): ItemFilter {
  if (part.type === "file") return { keys: new Set([part.key]) };
  const { modelId } = part;
  return part.type === "model" ? { modelId } : { modelId, versionIds: [part.versionId] };
}

function noteOf(part: RemovablePart): string {
  switch (part.type) {
    case "model":
      return `${NOTES.model}${part.modelId}`;
    case "version":
      return `${NOTES.version}${part.versionId}`;
    case "file":
      return `${NOTES.file}${part.key}`;
  }
}
