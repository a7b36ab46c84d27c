/**
 * Watches the downloader: the state as a document, a server that tells it, and a live page.
 *
 * @module
 */
export * from "./live_page.ts";
export * from "./parse_listen.ts";
export * from "./serve_status.ts";
export * from "./status_document.ts";
export * from "./status_server.ts";
