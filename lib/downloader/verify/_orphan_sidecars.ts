import { foldPath, hasModelEnding, splitName } from "../../library/mod.ts";

/** Sidecars that describe the model file with the same stem. */
const SIDECAR = /\.(?:civitai\.info|metadata\.json|cm-info\.json|description\.(?:md|txt))$/i;
/** The user metadata of A1111; published workflows have this ending too. */
const USER_METADATA = /\.json$/i;

/** Takes the files of one folder after another, and finds the sidecars whose model file is gone. */
export class OrphanSidecars {
  readonly #isModelItem: (path: string) => boolean;
  readonly #onOrphan: (path: string) => void;
  #folder = "";
  #names: string[] = [];

  /**
   * Create it before the first file.
   *
   * @param isModelItem Whether the catalog has a file of a model with this path, relative to the library; a preview is
   * none
   * @param onOrphan Called with the path of each sidecar without a model file
   */
  constructor(isModelItem: (path: string) => boolean, onOrphan: (path: string) => void) {
    this.#isModelItem = isModelItem;
    this.#onOrphan = onOrphan;
  }

  /** Take the next file; those of a folder follow each other. */
  add(path: string): void {
    const slash = path.lastIndexOf("/") + 1;
    const isSame = slash === this.#folder.length && path.startsWith(this.#folder);
    if (!isSame) {
      this.end();
      this.#folder = path.slice(0, slash);
    }
    this.#names.push(path.slice(slash));
  }

  /** Judge the last folder. */
  end(): void {
    const names = this.#names;
    this.#names = [];
    const described = names.map((name) => ({ name, stem: describedStem(name) })).filter(({ stem }) => stem !== null);
    if (described.length === 0) return;
    const models = new Set(names.filter(isModel).map((name) => splitName(name).stem));
    const rest = described.filter(({ stem }) => !models.has(stem!));
    if (rest.length === 0) return;
    // Few sidecars come so far: the names of the two may differ only in case.
    const folded = new Set([...models].map(foldPath));
    const orphans = Map.groupBy(rest, ({ stem }) => foldPath(stem!));
    const others = Map.groupBy(
      names.filter((name) => describedStem(name) === null),
      (name) => foldPath(splitName(name).stem),
    );
    for (const [stem, sidecars] of orphans) {
      if (!folded.has(stem)) this.#report(sidecars.map(({ name }) => name), others.get(stem) ?? []);
    }
  }

  /** Report the sidecars of a stem, unless one of the other files with that stem is what they describe. */
  #report(sidecars: readonly string[], others: readonly string[]): void {
    if (others.some((name) => this.#isModelItem(this.#folder + name))) return;
    const all = [...sidecars, ...others.filter((name) => USER_METADATA.test(name))].sort();
    for (const name of all) this.#onOrphan(this.#folder + name);
  }
}

/** The stem of the model that a sidecar describes; `null` for any other file. */
function describedStem(name: string): string | null {
  const match = SIDECAR.exec(name);
  return match === null ? null : name.slice(0, match.index);
}

function isModel(name: string): boolean {
  return hasModelEnding(name) && !USER_METADATA.test(name);
}
