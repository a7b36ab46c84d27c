/**
 * Keep a local library of Civitai models and images complete, verified and sorted. This entry holds the errors and
 * units that all parts share and the whole downloader; the parts have entries of their own.
 *
 * @module
 */
export * from "./lib/base/mod.ts";
export * from "./lib/downloader/mod.ts";
