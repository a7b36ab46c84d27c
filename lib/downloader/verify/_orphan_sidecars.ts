import { foldPath, hasModelEnding, splitName } from "../../library/mod.ts";

/** Sidecars that describe the model file with the same stem. */
const SIDECAR = /\.(?:civitai\.info|metadata\.json|cm-info\.json|description\.(?:md|txt))$/i;
/** The user metadata of A1111; published workflows have this ending too. */
const USER_METADATA = /\.json$/i;

/**
 * Find the sidecars of a folder whose model file is gone.
 *
 * @param names Names of all files in the folder
 * @param isModelItem Whether the catalog has a file of a model with this name in the folder; a preview is none
 * @returns Their names
 */
export function orphanSidecars(names: readonly string[], isModelItem: (name: string) => boolean): readonly string[] {
  let models: Set<string> | undefined;
  const rest: Described[] = [];
  for (const name of names) {
    const stem = describedStem(name);
    if (stem === null) continue;
    models ??= new Set(names.filter(isModel).map((model) => splitName(model).stem));
    if (!models.has(stem)) rest.push({ name, stem });
  }
  // Few sidecars come so far: the names of the two may differ only in case.
  return rest.length === 0 ? [] : judgeRest(rest, { names, models: models!, isModelItem });
}

/** A sidecar, and the stem of the model that it describes. */
interface Described {
  readonly name: string;
  readonly stem: string;
}

interface SidecarFolder {
  readonly names: readonly string[];
  /** Stems of the models in it. */
  readonly models: ReadonlySet<string>;
  readonly isModelItem: (name: string) => boolean;
}

function judgeRest(rest: readonly Described[], { names, models, isModelItem }: SidecarFolder): readonly string[] {
  const folded = new Set([...models].map(foldPath));
  const others = Map.groupBy(
    names.filter((name) => describedStem(name) === null),
    (name) => foldPath(splitName(name).stem),
  );
  const orphans: string[] = [];
  for (const [stem, sidecars] of Map.groupBy(rest, (sidecar) => foldPath(sidecar.stem))) {
    const beside = others.get(stem) ?? [];
    // One of the other files with that stem may be what they describe.
    if (folded.has(stem) || beside.some(isModelItem)) continue;
    orphans.push(...[...sidecars.map(({ name }) => name), ...beside.filter((name) => USER_METADATA.test(name))].sort());
  }
  return orphans;
}

/** The stem of the model that a sidecar describes; `null` for any other file. */
function describedStem(name: string): string | null {
  const match = SIDECAR.exec(name);
  return match === null ? null : name.slice(0, match.index);
}

function isModel(name: string): boolean {
  return hasModelEnding(name) && !USER_METADATA.test(name);
}
