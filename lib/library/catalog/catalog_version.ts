/**
 * The `user_version` of a catalog that is up to date. Another program reads this line from the sources of a tag, to know
 * which catalog that version of the program reads.
 */
export const CATALOG_VERSION = 4;
