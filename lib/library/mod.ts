/**
 * A library on disk: paths and names of files, the sidecars beside them, the SQLite catalog of planned and present
 * items, and checks that a file is what its name promises. Makes no network requests.
 *
 * @module
 */
export * from "./sidecars/a1111_json.ts";
export * from "./catalog/answer_store.ts";
export * from "./catalog/catalog.ts";
export * from "./catalog/catalog_item.ts";
export * from "./catalog/catalog_records.ts";
export * from "./sidecars/civitai_info.ts";
export * from "./naming/classify_category.ts";
export * from "./naming/classify_kind.ts";
export * from "./sidecars/content_digest.ts";
export * from "./sidecars/described_images.ts";
export * from "./sidecars/description_markdown.ts";
export * from "./naming/disambiguate.ts";
export * from "./content/expected_formats.ts";
export * from "./content/file_hashers.ts";
export * from "./content/find_bad_blocks.ts";
export * from "./naming/fold_path.ts";
export * from "./naming/gallery_path.ts";
export * from "./content/hash_file.ts";
export * from "./naming/image_path.ts";
export * from "./sidecars/images_metadata.ts";
export * from "./content/inspect_file.ts";
export * from "./content/inspect_picture.ts";
export * from "./json_object.ts";
export * from "./naming/layouts.ts";
export * from "./content/matches_hashes.ts";
export * from "./sidecars/merge_sidecar.ts";
export * from "./sidecars/merge_text.ts";
export * from "./sidecars/metadata_json.ts";
export * from "./naming/naming_facts.ts";
export * from "./catalog/open_catalog.ts";
export * from "./naming/parse_template.ts";
export * from "./pickles/allowed_imports.ts";
export * from "./pickles/byte_reader.ts";
export * from "./pickles/scan_limits.ts";
export * from "./pickles/scan_pickles.ts";
export * from "./naming/plan_path.ts";
export * from "./naming/preview_path.ts";
export * from "./quarantine.ts";
export * from "./naming/render_template.ts";
export * from "./resolve_inside.ts";
export * from "./naming/safe_name.ts";
export * from "./scan/scan_library.ts";
export * from "./scan/scanned_kind.ts";
export * from "./naming/shard_folder.ts";
export * from "./sidecars/sidecar_facts.ts";
export * from "./scan/sidecar_index.ts";
export * from "./sidecars/sidecar_path.ts";
export * from "./content/sniff_format.ts";
export * from "./content/sniff_image.ts";
export * from "./naming/split_name.ts";
export * from "./naming/template_values.ts";
export * from "./sidecars/write_sidecar.ts";
