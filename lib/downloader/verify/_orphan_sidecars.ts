import { foldPath, hasModelEnding, splitName } from "../../library/mod.ts";

/** Sidecars that describe the model file with the same stem. */
const SIDECAR = /\.(?:civitai\.info|metadata\.json|cm-info\.json|description\.(?:md|txt))$/i;
/** The user metadata of A1111; published workflows have this ending too. */
const USER_METADATA = /\.json$/i;

/** Files of a folder that have the same stem, except for models. */
interface StemFiles {
  readonly sidecars: string[];
  readonly others: string[];
}

/** Takes the files of one folder after another, and finds the sidecars whose model file is gone. */
export class OrphanSidecars {
  readonly #isItem: (path: string) => boolean;
  readonly #onOrphan: (path: string) => void;
  #folder: string | null = null;
  readonly #byStem = new Map<string, StemFiles>();
  readonly #models = new Set<string>();

  /**
   * Create it before the first file.
   *
   * @param isItem Whether the catalog has a file with this path, relative to the library
   * @param onOrphan Called with the path of each sidecar without a model file
   */
  constructor(isItem: (path: string) => boolean, onOrphan: (path: string) => void) {
    this.#isItem = isItem;
    this.#onOrphan = onOrphan;
  }

  /** Take the next file; those of a folder follow each other. */
  add(path: string): void {
    const slash = path.lastIndexOf("/");
    const folder = path.slice(0, slash + 1);
    if (folder !== this.#folder) this.end();
    this.#folder = folder;
    const name = path.slice(slash + 1);
    const sidecar = SIDECAR.exec(name);
    if (sidecar !== null) this.#filesOf(name.slice(0, sidecar.index)).sidecars.push(path);
    else if (hasModelEnding(name) && !USER_METADATA.test(name)) this.#models.add(foldPath(splitName(name).stem));
    else this.#filesOf(splitName(name).stem).others.push(path);
  }

  /** Judge the last folder. */
  end(): void {
    for (const [stem, { sidecars, others }] of this.#byStem) {
      if (sidecars.length === 0 || this.#models.has(stem) || others.some(this.#isItem)) continue;
      [...sidecars, ...others.filter((path) => USER_METADATA.test(path))].sort().forEach(this.#onOrphan);
    }
    this.#byStem.clear();
    this.#models.clear();
  }

  #filesOf(stem: string): StemFiles {
    const key = foldPath(stem);
    const known = this.#byStem.get(key);
    if (known !== undefined) return known;
    const files: StemFiles = { sidecars: [], others: [] };
    this.#byStem.set(key, files);
    return files;
  }
}
