import { type LibraryFilter, type LibraryListing, type LibraryRow, listLibrary } from "./list_library.ts";
import type { ItemSet } from "../library/mod.ts";
import type { Library } from "./open_library.ts";
import { UNFINISHED } from "./plan/withdraw_plan.ts";

/** The run whose items are listed. */
export interface ListedRun {
  /** Id of the run in the catalog. */
  readonly runId: number;
  /** When this process started it, in milliseconds since the epoch: items done before count as `already there`. */
  readonly startedAt: number;
  /** Items that earlier runs had left unfinished. */
  readonly unfinishedBefore: ItemSet;
}

/** Items that were not planned before or were done, or items that earlier runs left unfinished. */
export type RunPart = "new" | "left";

/**
 * The items of one run by name. All of them come from the catalog, a page at a time, so that memory use does not depend
 * on their number. Before the queue, they show the plan, afterwards its result.
 */
export class RunItems implements Iterable<LibraryRow> {
  readonly #library: Pick<Library, "catalog">;
  readonly #run: ListedRun;

  /**
   * List the items of a run.
   *
   * @param library The library; only its catalog is read
   * @param run Id and start of the run
   */
  constructor(library: Pick<Library, "catalog">, run: ListedRun) {
    this.#library = library;
    this.#run = run;
  }

  /** All items, in the order in which they were first planned, with the outcomes that the counts of the run have. */
  [Symbol.iterator](): Iterator<LibraryRow> {
    const since = new Date(this.#run.startedAt).toISOString();
    return Iterator.from(this.#list({})).map((row) => {
      const isOld = row.state === "done" && row.doneAt !== null && row.doneAt < since;
      return isOld ? { ...row, outcome: "already there" } : row;
    });
  }

  /** Model files that the queue fetches. */
  toFetch(part: RunPart): LibraryListing {
    return this.#list({ ...this.#partOf(part), kinds: ["file"], states: UNFINISHED, dueBefore: this.#run.startedAt });
  }

  /** Everything that the queue fetches: model files and images. */
  queued(): LibraryListing {
    return this.#list({ states: UNFINISHED, dueBefore: this.#run.startedAt });
  }

  /** Keys of the files that the queue fetches in place of files on disk. */
  replacedKeys(): ReadonlySet<string> {
    const { runId, startedAt } = this.#run;
    const items = this.#library.catalog.replacedItems({ runId, states: UNFINISHED, dueBefore: startedAt });
    return new Set(items.map(({ key }) => key));
  }

  /** Items that are available later, such as files in early access. */
  waiting(): LibraryListing {
    return this.#list({ states: ["deferred"], dueAfter: this.#run.startedAt });
  }

  /** Items that are not available, except for flagged files, which are reported apart. */
  refused(): LibraryListing {
    return this.#list({ states: ["refused"], exceptOutcome: "flagged" });
  }

  /** Files that are refused because they are flagged as dangerous. */
  flagged(): LibraryListing {
    return this.#list({ states: ["refused"], outcome: "flagged" });
  }

  /** Model files that this process has fetched. */
  fetched(part: RunPart): LibraryListing {
    const done: LibraryFilter = { states: ["done"], outcome: "done", doneSince: this.#run.startedAt };
    return this.#list({ ...this.#partOf(part), ...done, kinds: ["file"] });
  }

  /** Items that failed or were put aside as corrupt. */
  failed(): LibraryListing {
    return this.#list({ states: ["failed", "corrupted"] });
  }

  #partOf(part: RunPart): LibraryFilter {
    const { unfinishedBefore } = this.#run;
    return part === "new" ? { outside: unfinishedBefore } : { within: unfinishedBefore };
  }

  #list(filter: LibraryFilter): LibraryListing {
    return listLibrary(this.#library, { ...filter, runId: this.#run.runId });
  }
}
