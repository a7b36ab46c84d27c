/**
 * A library beside the sandbox that it was fetched from: what the sandbox offers, from its own catalog, and whether the
 * library has it, by the bytes on disk.
 *
 * @module
 */
export { type ComparedItem, compareLibrary, type LibraryRows, readRows } from "./compare_library.ts";
export { type ExpectedItem, listExpectedItems } from "./expected_items.ts";
