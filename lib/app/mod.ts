/**
 * The local application: one server for the page, its API, metrics and health.
 *
 * @module
 */
export {};
