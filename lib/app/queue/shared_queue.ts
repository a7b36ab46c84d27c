import { KitError, statSyncOrNull } from "../../base/mod.ts";
import { type Catalog, catalogFile, openCatalog, type Queue } from "../../library/mod.ts";

/** Options of {@linkcode SharedQueue}. */
export interface SharedQueueOptions {
  /** The library's folder, absolute. */
  readonly root: string;
  /** Whether it is only read. */
  readonly isReadOnly: boolean;
  /** Creates the library, if there is none yet. */
  readonly create: () => Promise<void>;
}

/**
 * The queue of a library, for a process that need not hold the library. The catalog stays open between two uses; it is
 * opened anew if another file is in its place, as after a rebuild.
 */
export class SharedQueue implements Disposable {
  readonly #options: SharedQueueOptions;
  #open: { readonly catalog: Catalog; readonly file: string } | null = null;
  #wasThere = false;

  /** Open nothing yet. */
  constructor(options: SharedQueueOptions) {
    this.#options = options;
  }

  /**
   * Names the file of the catalog; `null` if there is none. Another file has another name. An empty file counts as none:
   * opening it would make a new catalog of one that was emptied, which hides that its rows are lost.
   */
  get file(): string | null {
    const info = statSyncOrNull(catalogFile(this.#options.root));
    return info === null || info.size === 0 ? null : `${info.dev}:${info.ino}`;
  }

  /**
   * Use the queue.
   *
   * @returns What `use` returns; `null` if there is no library yet
   * @throws {KitError} `unsafe` if the library was there and is not, or its catalog cannot be used
   */
  read<Result>(use: (queue: Queue) => Result): Result | null {
    const catalog = this.#find();
    return catalog === null ? null : use(catalog.queue);
  }

  /** Change the queue, of a library that is created if there is none yet. */
  async change<Result>(use: (queue: Queue) => Result): Promise<Result> {
    if (this.#find() === null) await this.#options.create();
    const catalog = this.#find();
    if (catalog === null) throw this.#gone();
    return use(catalog.queue);
  }

  /** Close the catalog; the next use opens it again. */
  close(): void {
    this.#open?.catalog[Symbol.dispose]();
    this.#open = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #find(): Catalog | null {
    const { root, isReadOnly } = this.#options;
    const { file } = this;
    if (file === null || this.#open?.file !== file) this.close();
    if (file === null) {
      if (this.#wasThere) throw this.#gone();
      return null;
    }
    this.#wasThere = true;
    this.#open ??= { catalog: openCatalog(catalogFile(root), { readOnly: isReadOnly }), file };
    return this.#open.catalog;
  }

  #gone(): KitError {
    const { root } = this.#options;
    return new KitError("unsafe", `Cannot use the queue of "${root}": the library is not there`, {
      hint: "Mount its disk, or start again if it was moved",
    });
  }
}
