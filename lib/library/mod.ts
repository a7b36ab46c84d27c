/**
 * A library on disk: where files go and what they are called, the sidecars beside them, the SQLite catalog of what was
 * planned and is there, and whether a file is what it claims to be. Knows nothing of networks.
 *
 * @module
 */
export * from "./a1111_json.ts";
export * from "./answer_store.ts";
export * from "./catalog.ts";
export * from "./catalog_item.ts";
export * from "./catalog_records.ts";
export * from "./civitai_info.ts";
export * from "./classify_category.ts";
export * from "./classify_kind.ts";
export * from "./content_digest.ts";
export * from "./described_images.ts";
export * from "./description_markdown.ts";
export * from "./disambiguate.ts";
export * from "./expected_formats.ts";
export * from "./file_hashers.ts";
export * from "./find_bad_blocks.ts";
export * from "./fold_path.ts";
export * from "./gallery_path.ts";
export * from "./hash_file.ts";
export * from "./image_path.ts";
export * from "./images_metadata.ts";
export * from "./inspect_file.ts";
export * from "./inspect_picture.ts";
export * from "./json_object.ts";
export * from "./layouts.ts";
export * from "./matches_hashes.ts";
export * from "./merge_sidecar.ts";
export * from "./merge_text.ts";
export * from "./metadata_json.ts";
export * from "./naming_facts.ts";
export * from "./open_catalog.ts";
export * from "./parse_template.ts";
export * from "./pickles/allowed_imports.ts";
export * from "./pickles/byte_reader.ts";
export * from "./pickles/scan_limits.ts";
export * from "./pickles/scan_pickles.ts";
export * from "./plan_path.ts";
export * from "./preview_path.ts";
export * from "./quarantine.ts";
export * from "./render_template.ts";
export * from "./resolve_inside.ts";
export * from "./safe_name.ts";
export * from "./scan_library.ts";
export * from "./scanned_kind.ts";
export * from "./shard_folder.ts";
export * from "./sidecar_facts.ts";
export * from "./sidecar_index.ts";
export * from "./sidecar_path.ts";
export * from "./sniff_format.ts";
export * from "./sniff_image.ts";
export * from "./split_name.ts";
export * from "./template_values.ts";
export * from "./write_sidecar.ts";
