/**
 * A local imitation of Civitai on loopback: a catalog of any size that is generated on demand, the API with its quirks,
 * the download route, storage with expiring signatures, and faults on demand. Trials, tests and benchmarks run against
 * it instead of the live service.
 *
 * @module
 */
export * from "./catalog/catalog.ts";
export * from "./catalog/catalog_model.ts";
export * from "./catalog/catalog_options.ts";
export * from "./catalog/catalog_settings.ts";
export * from "./api/file_preference.ts";
export * from "./catalog/gallery.ts";
export * from "./catalog/outcome.ts";
export * from "./faults/parse_toxic.ts";
export * from "./sandbox.ts";
export * from "./sandbox_exchange.ts";
export * from "./sandbox_log.ts";
export * from "./sandbox_options.ts";
export * from "./start_sandbox.ts";
export * from "./faults/toxic_rule.ts";
