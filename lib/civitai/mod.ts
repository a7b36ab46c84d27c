/**
 * Civitai's REST API: targets from the user's words, listings of models and images, versions by id and by hash, and
 * download URLs. This is the only room that knows the API and its pitfalls.
 *
 * @module
 */
export * from "./client/answer_cache.ts";
export * from "./check_download_host.ts";
export * from "./check_peer.ts";
export * from "./client/classify_response.ts";
export * from "./client/client.ts";
export * from "./client/client_events.ts";
export * from "./client/client_options.ts";
export * from "./client/create_client.ts";
export * from "./targets/decode_text.ts";
export * from "./client/download_url.ts";
export * from "./shapes/entities.ts";
export * from "./listings/image_query.ts";
export * from "./image_url.ts";
export * from "./is_civitai_address.ts";
export * from "./listings/list_options.ts";
export * from "./listings/model_query.ts";
export * from "./shapes/parse_account.ts";
export * from "./shapes/parse_creators.ts";
export * from "./shapes/parse_enums.ts";
export * from "./shapes/parse_error_body.ts";
export * from "./shapes/parse_hash_matches.ts";
export * from "./shapes/parse_hashes.ts";
export * from "./shapes/parse_image.ts";
export * from "./shapes/parse_image_page.ts";
export * from "./shapes/parse_lenient_json.ts";
export * from "./shapes/parse_model.ts";
export * from "./shapes/parse_model_file.ts";
export * from "./shapes/parse_model_page.ts";
export * from "./shapes/parse_tags.ts";
export * from "./targets/parse_target.ts";
export * from "./targets/parse_target_list.ts";
export * from "./shapes/parse_version.ts";
export * from "./shapes/parse_version_list.ts";
export * from "./shapes/parse_version_summary.ts";
export * from "./client/resolved_download.ts";
export * from "./signed_until.ts";
export * from "./targets/target.ts";
export * from "./shapes/unreadable_entry.ts";
export * from "./client/user_agent.ts";
