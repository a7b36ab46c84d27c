import { dirname, join } from "node:path";
import { openNoFollow, removeIfExists } from "../base/mod.ts";
import type { Front } from "./_front.ts";
import type { HttpServer } from "./http/http_server.ts";
import type { World } from "./_world.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { CatalogFile, CatalogImage, CatalogModel } from "./catalog/catalog_model.ts";
import { imageBytes } from "./content/image_bytes.ts";
import { stillPicture } from "./content/still_picture.ts";
import type { FileFact, Sandbox } from "./sandbox.ts";
import type { SandboxLog } from "./sandbox_log.ts";
import type { ToxicRule } from "./faults/toxic_rule.ts";

const CHUNK_BYTES = 1_048_576;

/** The parts of a running sandbox. */
export interface SandboxParts {
  readonly world: World;
  readonly front: Front;
  readonly api: HttpServer;
  readonly storage: HttpServer;
  /** Advance the clock of the sandbox. */
  readonly advance: (ms: number) => void;
  /** Offer the catalog of another seed. */
  readonly setSeed: Sandbox["setSeed"];
  /** Replace the valid API key. */
  readonly setToken: (token: string) => void;
  /** Replace the content of a file of the catalog that is offered now. */
  readonly replaceFile: (fileId: number, sizeBytes: number) => void;
}

/** A running sandbox: two servers and the world that they share. */
export class RunningSandbox implements Sandbox {
  readonly #parts: SandboxParts;

  /**
   * Take over servers that are already running.
   *
   * @param parts The parts that `startSandbox` started
   */
  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  get apiOrigin(): string {
    return this.#parts.api.origin;
  }

  get storageOrigin(): string {
    return this.#parts.world.storageOrigin();
  }

  get imageOrigin(): string {
    return this.#parts.storage.origin;
  }

  get token(): string {
    return this.#parts.world.token;
  }

  get catalog(): Catalog {
    return this.#parts.world.catalog;
  }

  get log(): SandboxLog {
    return this.#parts.world.log;
  }

  get openExchanges(): number {
    return this.#parts.front.openExchanges;
  }

  *facts(): Generator<FileFact> {
    for (const model of this.catalog.models()) {
      for (const file of model.versions.flatMap((version) => version.files)) yield this.#fact(model, file);
    }
  }

  bytesOf(fileId: number, start = 0, end?: number): Uint8Array {
    const file = this.#file(fileId);
    const stop = end ?? file.sizeBytes;
    if (!(start >= 0 && start <= stop && stop <= file.sizeBytes)) {
      throw new RangeError(`Cannot read bytes ${start} to ${stop}: the file has ${file.sizeBytes}`);
    }
    const bytes = new Uint8Array(stop - start);
    this.#parts.world.content.read(file, start, bytes);
    return bytes;
  }

  contentsOfImage(imageId: number, options: { readonly width?: number } = {}): readonly Uint8Array[] {
    const image = this.catalog.image(imageId);
    if (image === null) throw new RangeError(`Cannot make image ${imageId}: the catalog has none with this id`);
    if (options.width !== undefined) return [stillPicture(image, options.width)];
    const forms: readonly CatalogImage[] = image.type === "video" ? [image, { ...image, encoding: "jpeg" }] : [image];
    return forms.map(imageBytes);
  }

  async sha256Of(fileId: number): Promise<string> {
    return (await this.#parts.world.hasher.hashesOf(this.#file(fileId))).SHA256;
  }

  async exportFiles(folder: string, fileIds?: Iterable<number>): Promise<number> {
    const files = fileIds === undefined ? this.catalog.files() : Array.from(fileIds, (id) => this.#file(id));
    const first = new Map<string, string>();
    let written = 0;
    for (const file of files) {
      const path = join(folder, file.storagePath);
      await Deno.mkdir(dirname(path), { recursive: true });
      const content = `${file.contentName} ${file.sizeBytes}`;
      const same = first.get(content);
      if (same !== undefined) {
        await removeIfExists(path);
        await Deno.link(same, path);
        continue;
      }
      first.set(content, path);
      const target = await openNoFollow(path, { write: true, create: true, truncate: true });
      try {
        for (let start = 0; start < file.sizeBytes; start += CHUNK_BYTES) {
          const chunk = this.bytesOf(file.id, start, Math.min(start + CHUNK_BYTES, file.sizeBytes));
          for (let offset = 0; offset < chunk.length;) offset += await target.write(chunk.subarray(offset));
        }
      } finally {
        target.close();
      }
      written += file.sizeBytes;
    }
    return written;
  }

  setToxics(rules: readonly ToxicRule[]): void {
    this.#parts.front.setRules(rules);
  }

  setSeed(...change: Parameters<Sandbox["setSeed"]>): void {
    this.#parts.setSeed(...change);
  }

  setAbsent(...absent: Parameters<Sandbox["setAbsent"]>): void {
    this.catalog.setAbsent(...absent);
  }

  setToken(token: string): void {
    this.#parts.setToken(token);
  }

  replaceFile(fileId: number, options: { readonly sizeBytes?: number } = {}): FileFact {
    this.#parts.replaceFile(fileId, options.sizeBytes ?? this.#file(fileId).sizeBytes);
    const file = this.#file(fileId);
    return this.#fact(this.catalog.model(this.catalog.version(file.versionId)!.modelId)!, file);
  }

  advance(ms: number): void {
    this.#parts.advance(ms);
  }

  async close(): Promise<void> {
    await Promise.all([this.#parts.api.close(), this.#parts.storage.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #fact(model: CatalogModel, file: CatalogFile): FileFact {
    return {
      modelId: model.id,
      creator: model.creator?.username ?? null,
      versionId: file.versionId,
      fileId: file.id,
      name: file.name,
      sizeBytes: file.sizeBytes,
      outcome: file.outcome,
      sha256: () => this.sha256Of(file.id),
    };
  }

  #file(fileId: number): CatalogFile {
    const file = this.catalog.file(fileId);
    if (file === null) throw new RangeError(`Cannot find file ${fileId}: the catalog has no file with this id`);
    return file;
  }
}
