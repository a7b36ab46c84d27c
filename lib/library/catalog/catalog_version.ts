/**
 * The `user_version` of the catalogs that this program reads and writes. Another program reads this line from the
 * sources of a tag, to know which catalog that version of the program reads.
 */
export const CATALOG_VERSION = 2;
