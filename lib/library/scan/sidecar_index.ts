import { isFields, numberOf } from "../_lossless_json.ts";

/** What a `.civitai.info` says of one file of its version. */
export interface SidecarClaim {
  /** The sidecar, relative to the library. */
  readonly infoPath: string;
  /** The version that it is of. */
  readonly versionId: number;
  /** Id of the file. */
  readonly fileId: number;
}

/** A file on disk, to be looked for. */
export interface SoughtFile {
  /** Relative to the library. */
  readonly path: string;
  /** Size on disk. */
  readonly sizeBytes: number;
}

/** What all `.civitai.info` of a library say of the files of their versions. */
export class SidecarIndex {
  readonly #bySha256 = new Map<string, SidecarClaim[]>();
  /** Files without a published SHA-256, by folder and name. */
  readonly #byPath = new Map<string, SidecarClaim & { readonly sizeBytes: number }>();
  readonly #names = new Set<string>();
  readonly #sizes = new Set<number>();

  /** Read one sidecar. */
  add(infoPath: string, info: Readonly<Record<string, unknown>>): void {
    const versionId = info.id;
    if (!isId(versionId) || !Array.isArray(info.files)) return;
    for (const file of info.files) {
      if (!isFields(file) || !isId(file.id)) continue;
      const claim = { infoPath, versionId, fileId: file.id };
      const sizeBytes = Math.round((numberOf(file.sizeKB) ?? NaN) * 1024);
      const name = textOf(file.name).toLowerCase();
      this.#names.add(name);
      this.#sizes.add(sizeBytes);
      const sha256 = isFields(file.hashes) ? textOf(file.hashes.SHA256).toLowerCase() : "";
      if (!/^[\da-f]{64}$/.test(sha256)) this.#byPath.set(`${folderOf(infoPath)}${name}`, { ...claim, sizeBytes });
      else if (this.#bySha256.has(sha256)) this.#bySha256.get(sha256)!.push(claim);
      else this.#bySha256.set(sha256, [claim]);
    }
  }

  /** Whether a file that looks like something else is worth hashing. */
  mayHave({ path, sizeBytes }: SoughtFile): boolean {
    return this.#sizes.has(sizeBytes) || this.#names.has(nameOf(path).toLowerCase());
  }

  /**
   * Where a file is described: by its hash, those beside it first; else by folder, name and size, where no hash was
   * published.
   */
  claimsOf({ path, sizeBytes }: SoughtFile, sha256: string): readonly SidecarClaim[] {
    const folder = folderOf(path);
    const byHash = this.#bySha256.get(sha256) ?? [];
    const sorted = byHash.toSorted((a, b) =>
      Number(folderOf(b.infoPath) === folder) - Number(folderOf(a.infoPath) === folder) || a.versionId - b.versionId
    );
    if (sorted.length > 0) return sorted;
    const named = this.#byPath.get(`${folder}${nameOf(path).toLowerCase()}`);
    // The API tells sizes in KiB, and not always exactly.
    return named === undefined || Math.abs(named.sizeBytes - sizeBytes) >= 1024 ? [] : [named];
  }
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** With its slash; empty at the root. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
