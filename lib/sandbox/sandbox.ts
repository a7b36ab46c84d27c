import type { Catalog } from "./catalog/catalog.ts";
import type { Outcome } from "./catalog/outcome.ts";
import type { SandboxLog } from "./sandbox_log.ts";
import type { ToxicRule } from "./faults/toxic_rule.ts";

/** The true properties of a file, for a test to compare with. */
export interface FileFact {
  /** Id of its model. */
  readonly modelId: number;
  /** User name of the owner of the model; `null` if nobody owns it. */
  readonly creator: string | null;
  /** Id of its version. */
  readonly versionId: number;
  /** Id of the file. */
  readonly fileId: number;
  /** File name, as in `/models`. */
  readonly name: string;
  /** Exact size in bytes. */
  readonly sizeBytes: number;
  /** The expected outcome of a download with a valid token. */
  readonly outcome: Outcome;
  /** The true SHA-256, hexadecimal in upper case; computed on the first call. */
  sha256(): Promise<string>;
}

/** A running sandbox; close it, or bind it with `await using`. */
export interface Sandbox extends AsyncDisposable {
  /** Origin of the API and of the download route, in place of `https://civitai.com`. */
  readonly apiOrigin: string;
  /** Origin of signed URLs: that of the storage port, or the option `storageOrigin`. */
  readonly storageOrigin: string;
  /** Origin of image URLs: always that of the sandbox's own storage port. */
  readonly imageOrigin: string;
  /** The one valid API key; `setToken` changes it. */
  readonly token: string;
  /** The catalog that the servers offer now. */
  readonly catalog: Catalog;
  /** What the servers recorded. */
  readonly log: SandboxLog;
  /** Number of responses that have not ended yet. */
  readonly openExchanges: number;

  /** Yield the true properties of every file, in the order of the catalog. */
  facts(): Generator<FileFact>;

  /**
   * Generate bytes of a file.
   *
   * @param fileId Id of the file
   * @param start First byte; by default 0
   * @param end The byte after the last one; by default the end of the file
   * @returns The bytes
   * @throws {RangeError} If there is no such file or range
   */
  bytesOf(fileId: number, start?: number, end?: number): Uint8Array;

  /**
   * Generate the bytes of an image.
   *
   * @param imageId Id of a showcase or community image
   * @param options `width`: width in pixels of the picture that is requested, by default the original
   * @returns Every content that a request for it may receive: for the original of a video also a still picture
   * @throws {RangeError} If there is no such image
   */
  contentsOfImage(imageId: number, options?: { readonly width?: number }): readonly Uint8Array[];

  /**
   * Compute the true SHA-256 of a file; later calls return the same result.
   *
   * @param fileId Id of the file
   * @returns Hex in upper case
   * @throws {RangeError} If there is no such file
   */
  sha256Of(fileId: number): Promise<string>;

  /**
   * Write files to the paths of their signed URLs, so that a real web server can replace the storage host. Files that
   * share a content are links to one file.
   *
   * @param folder The web server's root
   * @param fileIds Ids of the files; all by default
   * @returns Number of bytes that were written
   */
  exportFiles(folder: string, fileIds?: Iterable<number>): Promise<number>;

  /**
   * Replace the faults, and count the requests for each resource anew: after each call, equal rules hit equal requests.
   * Responses that are being sent keep their faults.
   */
  setToxics(rules: readonly ToxicRule[]): void;

  /**
   * Offer the catalog of another seed, with the same options and at the same origins. Not while responses are being sent:
   * what they read from then on is of the new catalog.
   *
   * @param seed The seed; the catalog of an earlier one is the same as before
   * @param changes Other exact sizes in bytes of the first files; by default those that the sandbox was started with
   */
  setSeed(seed: number, changes?: { readonly fileSizes?: readonly number[] | undefined }): void;

  /**
   * Set the models that the site does not have now, as before they are published or after they are deleted: the API and
   * the download route respond as for ids that never were. A later call replaces the set.
   *
   * @param modelIds Ids of models of the catalog that is offered now
   * @param parts Ids of versions and files of other models that it does not have either; none by default
   */
  setAbsent(
    modelIds: Iterable<number>,
    parts?: { readonly versionIds?: Iterable<number>; readonly fileIds?: Iterable<number> },
  ): void;

  /** Make another API key the only valid one, as after the account has revoked the first. */
  setToken(token: string): void;

  /**
   * Replace the content of a file, as a creator does who uploads another file in its place. Id and name stay; bytes and
   * hashes are new, and signed URLs of the old content lead to nothing. Not while it is being sent.
   *
   * @param fileId Id of the file
   * @param options `sizeBytes`: size of the new content, by default that of the old one
   * @returns The true properties of the file with its new content
   * @throws {RangeError} If there is no such file
   */
  replaceFile(fileId: number, options?: { readonly sizeBytes?: number }): FileFact;

  /** Advance the clock of signed URLs, early access and quotas by milliseconds, without waiting. */
  advance(ms: number): void;

  /** Break all connections, stop both servers, and wait until nothing is open. */
  close(): Promise<void>;
}
