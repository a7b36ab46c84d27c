import { wrapFailure } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import type { FetchContext } from "../fetch/fetch_context.ts";
import { writeItemSidecars } from "./write_item_sidecars.ts";

/** With more than this waiting, files wait for their sidecars. */
const MAX_WAITING = 64;
/** So many are noted in the catalog together. */
const BATCH = 16;

/** Writes sidecars one after another beside the transfers: two of one model may name the same file. */
export class SidecarWriter {
  readonly #context: FetchContext;
  readonly #hasOwnFolders: boolean;
  readonly #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #error: unknown;

  constructor(context: FetchContext, options: { readonly hasOwnFolders: boolean }) {
    this.#context = context;
    this.#hasOwnFolders = options.hasOwnFolders;
  }

  /** An item stands at its path; its sidecars follow. Waits only when too many do. */
  async add(item: CatalogItem): Promise<void> {
    this.#waiting.push(item.key);
    this.#writing ??= this.#write();
    if (this.#waiting.length > MAX_WAITING) await this.flush();
  }

  /** Wait until all are written. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#error === undefined) return;
    const error = this.#error;
    this.#error = undefined;
    throw error;
  }

  /** What could not be written is written by the next run: the catalog knows that it is missing. */
  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#writeSome(this.#waiting.splice(0, BATCH));
    } catch (error) {
      this.#error ??= wrapFailure(error, "Cannot write sidecars");
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeSome(keys: readonly string[]): Promise<void> {
    const { library, onEvent } = this.#context;
    const items = keys.map((key) => library.catalog.item(key)).filter((item) => item?.state === "done");
    await writeItemSidecars(library, items as readonly CatalogItem[], {
      hasOwnFolders: this.#hasOwnFolders,
      onKept: (path, reason) => onEvent({ type: "warning", message: `Left "${path}" as it is: ${reason}` }),
    });
  }
}
