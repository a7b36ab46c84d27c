import type { Catalog } from "./catalog/catalog.ts";
import type { Outcome } from "./catalog/outcome.ts";
import type { SandboxLog } from "./sandbox_log.ts";
import type { ToxicRule } from "./faults/toxic_rule.ts";

/** What is true of a file, for a test to compare with. */
export interface FileFact {
  /** Its model. */
  readonly modelId: number;
  /** `null` if nobody owns the model. */
  readonly creator: string | null;
  /** Its version. */
  readonly versionId: number;
  /** Its number. */
  readonly fileId: number;
  /** As `/models` names it. */
  readonly name: string;
  /** Exact. */
  readonly sizeBytes: number;
  /** How a download with a valid token is meant to end. */
  readonly outcome: Outcome;
  /** The true SHA-256 in upper case; computed when it is first asked for. */
  sha256(): Promise<string>;
}

/** A running sandbox; close it, or bind it with `await using`. */
export interface Sandbox extends AsyncDisposable {
  /** Where the API and the download route are, in place of `https://civitai.com`. */
  readonly apiOrigin: string;
  /** Where signed URLs point. */
  readonly storageOrigin: string;
  /** Where image URLs point: the sandbox's own storage port. */
  readonly imageOrigin: string;
  /** The one valid API key. */
  readonly token: string;
  /** Everything that is offered. */
  readonly catalog: Catalog;
  /** What the servers saw. */
  readonly log: SandboxLog;
  /** How many answers are not over yet. */
  readonly openExchanges: number;

  /** What is true of every file, in the catalog's order. */
  facts(): Generator<FileFact>;

  /**
   * Make the bytes of a file.
   *
   * @param fileId The file
   * @param start First byte; by default 0
   * @param end The byte after the last one; by default the end of the file
   * @returns The bytes
   * @throws {RangeError} If there is no such file or range
   */
  bytesOf(fileId: number, start?: number, end?: number): Uint8Array;

  /**
   * Compute the true SHA-256 of a file, once.
   *
   * @param fileId The file
   * @returns Hex in upper case
   * @throws {RangeError} If there is no such file
   */
  sha256Of(fileId: number): Promise<string>;

  /**
   * Write files where signed URLs name them, so that a real web server can stand in for the storage.
   *
   * @param folder The web server's root
   * @param fileIds Which files; all by default
   * @returns Bytes that were written
   */
  exportFiles(folder: string, fileIds?: Iterable<number>): Promise<number>;

  /** Replace the faults; what is being sent keeps its own. */
  setToxics(rules: readonly ToxicRule[]): void;

  /** Let time pass for signed URLs, early access and quotas, without waiting. */
  advance(ms: number): void;

  /** Break all connections and stop; nothing is left open. */
  close(): Promise<void>;
}
