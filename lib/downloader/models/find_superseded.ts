import type { Catalog, ItemFilter, SiblingVersion } from "../../library/mod.ts";
import { isNewer } from "../plan/choose/choose_versions.ts";
import { readRemovals } from "../plan/removal_notes.ts";

/** The version that supersedes another one. */
export interface NewerVersion {
  /** Id of the version. */
  readonly id: number;
  /** Name of the version. */
  readonly name: string;
  /** Whether a model file of it is in the library. */
  readonly isHeld: boolean;
}

/** What is outdated by what the catalog knows. */
export interface OutdatedFiles {
  /** The newest version of the same model and base model, by the id of the version that it supersedes. */
  readonly superseded: ReadonlyMap<number, NewerVersion>;
  /** The files meet at least one of these conditions. */
  readonly filters: readonly ItemFilter[];
}

/**
 * Find the model files in the library that are outdated by what the catalog knows: it has a newer version of the same
 * model and base model, or Civitai has other bytes for the file. Makes no request.
 */
export function findOutdated(catalog: Catalog): OutdatedFiles {
  const { versions } = readRemovals(catalog);
  // Nobody can get a version any more that the site has removed, unless it is here.
  const known = catalog.siblingVersions().filter(({ id, isHeld }) => isHeld || !versions.has(id));
  const superseded = findSuperseded(known);
  const replaced = catalog.replacedItems({ kinds: ["file"] }).map(({ key }) => key);
  return {
    superseded,
    filters: [
      { versionIds: [...superseded.keys()], kinds: ["file"], states: ["done"] },
      { keys: new Set(replaced) },
    ],
  };
}

/**
 * Find the held versions of which a newer one of the same base model is known: one for another base model is another
 * product, not a later one.
 *
 * @param versions Versions of models that have several
 * @returns The newest of the newer ones, by the id of the superseded version
 */
export function findSuperseded(versions: Iterable<SiblingVersion>): ReadonlyMap<number, NewerVersion> {
  const newest = new Map<string, SiblingVersion>();
  const held: SiblingVersion[] = [];
  const lineOf = ({ modelId, baseModel }: SiblingVersion): string => `${modelId} ${baseModel}`;
  for (const version of versions) {
    const known = newest.get(lineOf(version));
    if (known === undefined || isNewer(version, known)) newest.set(lineOf(version), version);
    if (version.isHeld) held.push(version);
  }
  const superseded = new Map<number, NewerVersion>();
  for (const version of held) {
    const { id, name, isHeld } = newest.get(lineOf(version))!;
    if (id !== version.id) superseded.set(version.id, { id, name, isHeld });
  }
  return superseded;
}
