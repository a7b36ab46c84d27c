import { wrapFailure } from "../../failsafe/mod.ts";
import type { CatalogItem } from "../../library/mod.ts";
import type { SettledFetch } from "../settled_fetch.ts";
import { writeItemSidecars } from "./write_item_sidecars.ts";

/** Length of the queue beyond which adding an item waits until all are written. */
const MAX_WAITING = 64;
/** Number of items whose sidecars are written and recorded in the catalog together. */
const BATCH = 16;
/** Time for which the first items of a batch wait for the others, in milliseconds. */
const GATHER_MS = 200;

/** Writes sidecars while transfers run, one after another, since two items of one model may share a sidecar. */
export class SidecarWriter {
  readonly #context: SettledFetch;
  readonly #hasVersionFolders: boolean;
  readonly #waiting: string[] = [];
  /** Ends the wait for more items of a batch. */
  #enough = new AbortController();
  #writing: Promise<void> | undefined;
  #error: unknown;

  constructor(context: SettledFetch, options: { readonly hasVersionFolders: boolean }) {
    this.#context = context;
    this.#hasVersionFolders = options.hasVersionFolders;
  }

  /** Queue the sidecars of an item whose file is at its path. Wait only if the queue is too long. */
  async add(item: CatalogItem): Promise<void> {
    this.#waiting.push(item.key);
    if (this.#waiting.length >= BATCH) this.#enough.abort();
    this.#writing ??= this.#write();
    if (this.#waiting.length > MAX_WAITING) await this.flush();
  }

  /** Wait until the queue is empty. Throw the first error since the last call. */
  async flush(): Promise<void> {
    this.#enough.abort();
    while (this.#writing !== undefined) await this.#writing;
    if (this.#error === undefined) return;
    const error = this.#error;
    this.#error = undefined;
    throw error;
  }

  /** Write the queue. The next run writes sidecars that fail here, since the catalog has no digest for them. */
  async #write(): Promise<void> {
    try {
      await this.#gather();
      while (this.#waiting.length > 0) await this.#writeSome(this.#waiting.splice(0, BATCH));
    } catch (error) {
      this.#error ??= wrapFailure(error, "Cannot write sidecars");
    } finally {
      this.#writing = undefined;
    }
  }

  /** Wait for more items, so that a batch of small files takes two transactions and not two for each. */
  async #gather(): Promise<void> {
    if (this.#waiting.length >= BATCH) return;
    this.#enough = new AbortController();
    const { clock } = this.#context;
    await clock.sleep(GATHER_MS, { signal: this.#enough.signal }).catch(() => {});
  }

  async #writeSome(keys: readonly string[]): Promise<void> {
    const { library, line: { durable }, onEvent } = this.#context;
    const items = keys.map((key) => library.catalog.item(key)).filter((item) => item?.state === "done");
    await writeItemSidecars(library, items as readonly CatalogItem[], {
      hasVersionFolders: this.#hasVersionFolders,
      durable,
      onKept: (path, reason) => onEvent({ type: "warning", message: `Kept "${path}" unchanged: ${reason}` }),
    });
  }
}
