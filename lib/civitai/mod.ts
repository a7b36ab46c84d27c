/**
 * Client for Civitai's REST API: parses targets from the user's input, lists models and images, finds versions by id
 * and by hash, and builds download URLs. This is the only module that knows the API and its pitfalls.
 *
 * @module
 */
export { API_HOSTS, IMAGE_HOSTS, NAMED_FILE_HOSTS, STORAGE_HOSTS } from "./hosts.ts";
export type { CachedResponse, ResponseCache } from "./requests/response_cache.ts";
export { checkDownloadHost, type CheckDownloadHostOptions, type HostRules } from "./check_download_host.ts";
export { checkPeer } from "./check_peer.ts";
export { classifyResponse, type ClassifyResponseOptions, type RefusedResponse } from "./requests/classify_response.ts";
export type { CallOptions, Client, ListCallOptions } from "./client/client.ts";
export type { RequestNotice, RequestRetryNotice } from "./client_events.ts";
export type { ClientOptions } from "./client_options.ts";
export { createClient } from "./client/create_client.ts";
export { decodeText } from "./targets/decode_text.ts";
export { type DownloadChoice, downloadUrl } from "./client/download_url.ts";
export type { Hashes, HashKind, ImageItem, Model, ModelFile, ModelVersion, Page } from "./shapes/entities.ts";
export { type ImageQuery, imageSearchParams } from "./listings/image_query.ts";
export { imageUrl, type ImageUrlOptions } from "./image_url.ts";
export { isCivitaiAddress } from "./is_civitai_address.ts";
export type { ListImagesOptions, ListOptions, PageNotice } from "./listings/list_options.ts";
export { type ModelQuery, modelSearchParams } from "./listings/model_query.ts";
export { type Account, parseAccount } from "./shapes/parse_account.ts";
export { type Creator, type CreatorPage, parseCreators } from "./shapes/parse_creators.ts";
export { type Enums, parseEnums } from "./shapes/parse_enums.ts";
export { type ErrorBody, parseErrorBody } from "./shapes/parse_error_body.ts";
export { type HashMatch, parseHashMatches } from "./shapes/parse_hash_matches.ts";
export { parseHashes } from "./shapes/parse_hashes.ts";
export { parseImage } from "./shapes/parse_image.ts";
export { parseImagePage } from "./shapes/parse_image_page.ts";
export { parseLenientJson } from "./shapes/parse_lenient_json.ts";
export { parseModel } from "./shapes/parse_model.ts";
export { parseModelPage } from "./shapes/parse_model_page.ts";
export { parseTags } from "./shapes/parse_tags.ts";
export { parseTarget, type ParseTargetOptions } from "./targets/parse_target.ts";
export {
  type ListedTarget,
  type ListProblem,
  parseTargetList,
  type ParseTargetListOptions,
  type TargetList,
} from "./targets/parse_target_list.ts";
export {
  parseTargetWords,
  type ParseTargetWordsOptions,
  type TargetWords,
  type WordProblem,
} from "./targets/parse_target_words.ts";
export { parseVersion, type VersionParent } from "./shapes/parse_version.ts";
export { parseVersionList } from "./shapes/parse_version_list.ts";
export { parseVersionSummary, type VersionSummary } from "./shapes/parse_version_summary.ts";
export type { ResolvedDownload } from "./client/resolved_download.ts";
export { signedUntil } from "./signed_until.ts";
export type { Target } from "./targets/target.ts";
export type { UnreadableEntry, UnreadableOptions } from "./shapes/unreadable_entry.ts";
export { USER_AGENT } from "./client/user_agent.ts";
