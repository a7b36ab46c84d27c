import type { HostRules } from "../check_download_host.ts";
import type { DownloadChoice } from "./download_url.ts";
import type { ImageItem, Model, ModelVersion, Page } from "../shapes/entities.ts";
import type { ImageQuery } from "../listings/image_query.ts";
import type { ListImagesOptions, ListOptions } from "../listings/list_options.ts";
import type { ModelQuery } from "../listings/model_query.ts";
import type { Account } from "../shapes/parse_account.ts";
import type { Creator } from "../shapes/parse_creators.ts";
import type { Enums } from "../shapes/parse_enums.ts";
import type { HashMatch } from "../shapes/parse_hash_matches.ts";
import type { VersionSummary } from "../shapes/parse_version_summary.ts";
import type { ResolvedDownload } from "./resolved_download.ts";
import type { UnreadableOptions } from "../shapes/unreadable_entry.ts";

/** Options of one call. */
export interface CallOptions {
  /** Stops the call and its waits; the call rejects with the signal's reason, unchanged. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a call that reads a list from the server. */
export interface ListCallOptions extends CallOptions, UnreadableOptions {}

/**
 * Civitai's API. Methods limit their request rate and retry transient failures. They fail with a `FailureError`, whose
 * class tells the cause, or with a `KitError` of code `usage` for an invalid argument.
 */
export interface Client {
  /** The API's address, without a trailing slash. */
  readonly baseUrl: string;
  /** Where the API key was found, such as `CIVITAI_API_KEY` or a file; `null` without a key, or if that is unknown. */
  readonly tokenOrigin: string | null;
  /** Number of responses received so far. Refusals count, but status 429 and 5xx do not. */
  readonly responseCount: number;
  /** The hosts that the user allows in addition to Civitai's own, and whether the API runs on this machine. */
  readonly hostRules: HostRules;
  /**
   * Read the token's account. Fails with class `login` if the token is missing or not accepted. `maxRetries` overrides
   * the client's setting.
   */
  me(options?: CallOptions & { readonly maxRetries?: number | undefined }): Promise<Account>;
  /** Read a model with all its versions. */
  model(id: number, options?: CallOptions): Promise<Model>;
  /** Read a version with its files and showcase. */
  version(id: number, options?: CallOptions): Promise<ModelVersion>;
  /** Read the summary of a version, or of one of its files; cheaper for the server than `version()`. */
  versionSummary(id: number, options?: CallOptions & { readonly fileId?: number | undefined }): Promise<VersionSummary>;
  /** Find the version that contains a file with this hash, which may be of any kind. */
  versionByHash(hash: string, options?: CallOptions): Promise<ModelVersion>;
  /**
   * Find the versions that contain files with these SHA-256 hashes. Sends 100 hashes per request. Unknown hashes are
   * omitted.
   */
  versionsByHashes(sha256s: readonly string[], options?: ListCallOptions): Promise<readonly ModelVersion[]>;
  /** Like `versionsByHashes()`, but find only the ids. Sends 10 000 hashes per request, so it suits whole libraries. */
  versionIdsByHashes(sha256s: readonly string[], options?: ListCallOptions): Promise<readonly HashMatch[]>;
  /** List models, page by page. */
  listModels(query: ModelQuery, options?: ListOptions): AsyncIterable<Page<Model>>;
  /** List images, page by page. */
  listImages(query: ImageQuery, options?: ListImagesOptions): AsyncIterable<Page<ImageItem>>;
  /**
   * Find a creator by exact name, ignoring case; `null` if none of the first 2000 matches has that name. Only creators
   * with published models are listed.
   */
  findCreator(username: string, options?: ListCallOptions): Promise<Creator | null>;
  /** List the names of up to 10 000 tags that begin with the text. */
  tags(prefix: string, options?: ListCallOptions): Promise<readonly string[]>;
  /** Read the server's current lists of types and base models. */
  enums(options?: CallOptions): Promise<Enums>;
  /**
   * Find out from which URL a file can be fetched. Each call counts against the account's daily quota, so reuse the
   * result.
   */
  resolveDownload(choice: DownloadChoice, options?: CallOptions): Promise<ResolvedDownload>;
  /** Build the headers for a request to this address; the token is included only for the API's own origins. */
  headersFor(url: string): Readonly<Record<string, string>>;
}
