import type { CatalogItem, ContentDigests, FileHashes } from "../../library/mod.ts";
import type { FileVerdict } from "./verify_summary.ts";

/** What the catalog recorded when the file was done, and what the file is now. */
export interface ContentFacts {
  readonly item: CatalogItem;
  /** Recorded CRC-32 of each block; `null` when none were recorded. */
  readonly blocks: Uint32Array | null;
  readonly actual: ContentDigests & Partial<FileHashes>;
  /** Whether the modification time on disk differs from the recorded one. */
  readonly isDated: boolean;
  /** Further evidence about a file whose content is not the recorded one. */
  readonly clues?: DamageClues | undefined;
}

/** Clues that distinguish damage from a change that a user made. */
export interface DamageClues {
  /** Why the file is not valid for its format, such as a truncated picture; `null` if it is valid. */
  readonly structure: string | null;
  /** Bad blocks within the recorded length, for a file that has grown; `null` if it has not, or they are unknown. */
  readonly oldBlocks: readonly number[] | null;
  /**
   * Path of another item whose content this file has while that item's own file is not in place; `null` if there is
   * none.
   */
  readonly swappedWith: string | null;
}

/** The verdict on a file by its content. */
export interface ContentVerdict {
  readonly verdict: FileVerdict;
  /** Explanation of the verdict, for the user; `null` when the verdict is `ok`. */
  readonly reason: string | null;
  /** Indices of bad blocks, ascending; empty when they are unknown. */
  readonly badBlocks: readonly number[];
}
