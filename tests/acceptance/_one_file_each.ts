import type { CatalogOptions } from "../../lib/sandbox/mod.ts";

/** A catalog in which each model is one file that can be fetched, so that a story counts files and bytes only. */
export const ONE_FILE_EACH: CatalogOptions = {
  versionsPerModel: { min: 1, max: 1 },
  filesPerVersion: { min: 1, max: 1 },
  imagesPerVersion: { min: 0, max: 0 },
  galleryPerVersion: 0,
  requireLogin: 0,
  outcomes: {},
  nastyNames: 0,
};
