import { foldPath } from "../naming/fold_path.ts";
import { isFields, numberOf } from "../_lossless_json.ts";

/** One file of a version, as a `.civitai.info` describes it. */
export interface SidecarEntry {
  /** Path of the sidecar, relative to the library. */
  readonly infoPath: string;
  /** Id of the version that the sidecar describes. */
  readonly versionId: number;
  /** Id of the file. */
  readonly fileId: number;
}

/** A file on disk to find in the index. */
export interface SoughtFile {
  /** Path relative to the library, with forward slashes. */
  readonly path: string;
  /** Size on disk, in bytes. */
  readonly sizeBytes: number;
}

/** Index of the files that all `.civitai.info` files of a library describe. Starts empty. */
export class SidecarIndex {
  readonly #bySha256 = new Map<string, SidecarEntry[]>();
  /** Files without a published SHA-256, by folder and name. */
  readonly #byPath = new Map<string, SidecarEntry & { readonly sizeBytes: number }>();
  readonly #names = new Set<string>();
  readonly #sizes = new Set<number>();

  /** Add the files that one sidecar describes; JSON without a version id or files is ignored. */
  add(infoPath: string, info: Readonly<Record<string, unknown>>): void {
    const versionId = info.id;
    if (!isId(versionId) || !Array.isArray(info.files)) return;
    for (const file of info.files) {
      if (!isFields(file) || !isId(file.id)) continue;
      const claim = { infoPath, versionId, fileId: file.id };
      const sizeBytes = Math.round((numberOf(file.sizeKB) ?? NaN) * 1024);
      const name = foldPath(textOf(file.name));
      this.#names.add(name);
      this.#sizes.add(sizeBytes);
      const sha256 = isFields(file.hashes) ? textOf(file.hashes.SHA256).toLowerCase() : "";
      if (!/^[\da-f]{64}$/.test(sha256)) {
        this.#byPath.set(`${foldPath(folderOf(infoPath))}${name}`, { ...claim, sizeBytes });
      } else if (this.#bySha256.has(sha256)) this.#bySha256.get(sha256)!.push(claim);
      else this.#bySha256.set(sha256, [claim]);
    }
  }

  /**
   * Whether a sidecar describes a file with this name or size. Such a file is worth hashing even if it does not look
   * like a model.
   */
  mayHave({ path, sizeBytes }: SoughtFile): boolean {
    return this.#sizes.has(sizeBytes) || this.#names.has(foldPath(nameOf(path)));
  }

  /**
   * Find the sidecars that describe a file. They are found by its hash, those in its own folder first, otherwise by
   * folder, name and size if no hash was published.
   */
  claimsOf({ path, sizeBytes }: SoughtFile, sha256: string): readonly SidecarEntry[] {
    const folder = folderOf(path);
    const byHash = this.#bySha256.get(sha256) ?? [];
    const sorted = byHash.toSorted((a, b) =>
      Number(folderOf(b.infoPath) === folder) - Number(folderOf(a.infoPath) === folder) || a.versionId - b.versionId
    );
    if (sorted.length > 0) return sorted;
    const named = this.#byPath.get(foldPath(path));
    // The API returns sizes in KiB, and not always exactly.
    return named === undefined || Math.abs(named.sizeBytes - sizeBytes) >= 1024 ? [] : [named];
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The folder of a path, with its slash; empty at the root. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
