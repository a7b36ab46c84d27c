/**
 * Civitai's REST API: what a user's word means, pages of models and images, versions by id and by hash, and where the
 * bytes of a file are. The only room that knows the API, with its traps.
 *
 * @module
 */
export * from "./answer_cache.ts";
export * from "./check_download_host.ts";
export * from "./check_peer.ts";
export * from "./classify_response.ts";
export * from "./client.ts";
export * from "./client_events.ts";
export * from "./client_options.ts";
export * from "./create_client.ts";
export * from "./decode_text.ts";
export * from "./download_url.ts";
export * from "./entities.ts";
export * from "./image_query.ts";
export * from "./image_url.ts";
export * from "./is_civitai_address.ts";
export * from "./list_options.ts";
export * from "./model_query.ts";
export * from "./parse_account.ts";
export * from "./parse_creators.ts";
export * from "./parse_enums.ts";
export * from "./parse_error_body.ts";
export * from "./parse_hash_matches.ts";
export * from "./parse_hashes.ts";
export * from "./parse_image.ts";
export * from "./parse_image_page.ts";
export * from "./parse_lenient_json.ts";
export * from "./parse_model.ts";
export * from "./parse_model_file.ts";
export * from "./parse_model_page.ts";
export * from "./parse_tags.ts";
export * from "./parse_target.ts";
export * from "./parse_target_list.ts";
export * from "./parse_version.ts";
export * from "./parse_version_list.ts";
export * from "./parse_version_summary.ts";
export * from "./resolved_download.ts";
export * from "./signed_until.ts";
export * from "./target.ts";
export * from "./unreadable_entry.ts";
export * from "./user_agent.ts";
