import type { ItemKind } from "../../library/mod.ts";

/**
 * How a file on disk compares with what the catalog recorded when its download was completed.
 *
 * - `ok`: it matches
 * - `missing`: there is no file at its path
 * - `changed`: size, date or content differ, as if a user had edited the file; it is never overwritten
 * - `corrupt`: a deep check found that the bytes differ in a way that looks like damage, for example with an unchanged
 *   modification time or in only some blocks, or that an image, video or sound is incomplete
 * - `flagged`: it is the published file, but loading the pickle in it would import something that is not known to be
 *   harmless, or its imports cannot be determined; it stays in place
 * - `unreadable`: the file system refuses to open it, or its path leads out of the library, so its content is unknown
 * - `unverified`: the catalog has no size or hash to compare it with
 */
export type FileVerdict = "ok" | "missing" | "changed" | "corrupt" | "flagged" | "unreadable" | "unverified";

/** A range of adjacent bad blocks of 16 MiB. */
export interface BadRange {
  /** Index of its first block. */
  readonly firstBlock: number;
  /** Index of its last block. */
  readonly lastBlock: number;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset after its last byte. */
  readonly end: number;
}

/** A file whose verdict is not `ok`. */
export interface VerifyProblem {
  /** The catalog's key; `null` for a flagged file that the catalog does not know. */
  readonly key: string | null;
  /** Kind of the item; `file` for a file that the catalog does not know. */
  readonly kind: ItemKind;
  /** Path relative to the library. */
  readonly path: string;
  /** What is wrong with the file. */
  readonly verdict: Exclude<FileVerdict, "ok">;
  /** Explanation of the verdict, for the user. */
  readonly reason: string;
  /** Indices of bad blocks, ascending; empty when they are unknown. */
  readonly badBlocks: readonly number[];
  /** The bad blocks, merged into byte ranges. */
  readonly badRanges: readonly BadRange[];
}

/** A count of files, with the paths of the first thousand. */
export interface PathList {
  /** Number of files. */
  readonly count: number;
  /** Sum of their sizes, in bytes. */
  readonly bytes: number;
  /** Paths of the first thousand, relative to the library. */
  readonly paths: readonly string[];
}

/** A count of the user's own versions of files, with the first thousand. */
export interface OwnFiles {
  /** Number of files. */
  readonly count: number;
  /** Sum of their sizes, in bytes. */
  readonly bytes: number;
  /** The first thousand. */
  readonly files: readonly OwnFile[];
}

/** The user's own version of a file. */
export interface OwnFile {
  /** Its path, relative to the library. */
  readonly path: string;
  /** Path of the file from Civitai beside it. */
  readonly beside: string;
  /** The model of that file, such as `model:4712`; `null` if the catalog does not know it. */
  readonly target: string | null;
}

/** Files in a library that are not the finished file of any item. */
export interface Strays {
  /** Partial downloads with their journals; a later run can resume the downloads. */
  readonly parts: PathList;
  /**
   * Useless files: partial downloads and journals of items whose file is complete, and temporary files of a run that was
   * killed.
   */
  readonly stale: PathList;
  /** Model files that the catalog does not know, except for the user's own versions. */
  readonly unknown: PathList;
  /** The user's own versions of files from Civitai, which were placed beside them. */
  readonly own: OwnFiles;
  /** Sidecars whose model file is gone. */
  readonly orphans: PathList;
}

/** Result of {@linkcode verifyLibrary}. */
export interface VerifySummary extends Strays {
  /** Files that were checked as items of the catalog. */
  readonly files: number;
  /** Number of files by verdict; flagged files that the catalog does not know count too. */
  readonly counts: Readonly<Record<FileVerdict, number>>;
  /** Files whose content Civitai has replaced; the old one is on disk until the new one is fetched. */
  readonly replaced: PathList;
  /** Files that a download could only get corrupt, and put aside; nothing is at their paths. */
  readonly corrupted: PathList;
  /** Bytes read for hashing. */
  readonly bytesRead: number;
  /**
   * Items of the catalog that gained a SHA-256: their files match a published hash, or are complete images, videos or
   * sounds.
   */
  readonly adopted: number;
  /** Files of which only the date had changed; the catalog now contains the new date. */
  readonly redated: number;
  /** The first thousand problems; {@linkcode VerifyOptions.onProblem} is called for each one, without a limit. */
  readonly problems: readonly VerifyProblem[];
}
