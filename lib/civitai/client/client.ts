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
  /** Stops the call and its waits; its reason comes through unchanged. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of a call whose answer is a list. */
export interface ListCallOptions extends CallOptions, UnreadableOptions {}

/**
 * Civitai's API. All methods pace themselves, retry what passes, and fail with a `FailureError` whose class says why.
 */
export interface Client {
  /** The API's address, without a slash at its end. */
  readonly baseUrl: string;
  /** Requests that the service has answered so far, be it with a refusal; what it could not deal with does not count. */
  readonly answerCount: number;
  /** Which hosts may be fetched from, besides Civitai's own. */
  readonly hostRules: HostRules;
  /** Whose token it is; fails as `login` when the token counts for nothing. `maxRetries` beats the client's. */
  me(options?: CallOptions & { readonly maxRetries?: number | undefined }): Promise<Account>;
  /** One model with all its versions. */
  model(id: number, options?: CallOptions): Promise<Model>;
  /** One version. */
  version(id: number, options?: CallOptions): Promise<ModelVersion>;
  /** The cheap answer about one version, or one of its files. */
  versionSummary(id: number, options?: CallOptions & { readonly fileId?: number | undefined }): Promise<VersionSummary>;
  /** The version that holds a file with this hash of any kind. */
  versionByHash(hash: string, options?: CallOptions): Promise<ModelVersion>;
  /** The versions that hold files with these SHA-256, a hundred a request; unknown ones are left out. */
  versionsByHashes(sha256s: readonly string[], options?: ListCallOptions): Promise<readonly ModelVersion[]>;
  /** Only the ids, ten thousand a request: made for whole libraries. */
  versionIdsByHashes(sha256s: readonly string[], options?: ListCallOptions): Promise<readonly HashMatch[]>;
  /** Models, a page at a time. */
  listModels(query: ModelQuery, options?: ListOptions): AsyncIterable<Page<Model>>;
  /** Images, a page at a time. */
  listImages(query: ImageQuery, options?: ListImagesOptions): AsyncIterable<Page<ImageItem>>;
  /** A creator by exact name, `null` if there is none with published models. */
  findCreator(username: string, options?: ListCallOptions): Promise<Creator | null>;
  /** Names of tags that begin with the text. */
  tags(prefix: string, options?: ListCallOptions): Promise<readonly string[]>;
  /** The words that the server knows today. */
  enums(options?: CallOptions): Promise<Enums>;
  /** Where the bytes of a file are. Each call counts against the account's daily quota: keep the answer. */
  resolveDownload(choice: DownloadChoice, options?: CallOptions): Promise<ResolvedDownload>;
  /** Headers to ask an address with: the token for the API's own hosts only. */
  headersFor(url: string): Readonly<Record<string, string>>;
}
