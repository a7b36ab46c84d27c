/**
 * Alerts: rules over metrics, and notifications to receivers by URL.
 * Useful in any Deno program; knows nothing of Civitai.
 *
 * @module
 */
export * from "./dispatch.ts";
export * from "./heartbeat.ts";
export * from "./notification.ts";
export * from "./parse_receiver_url.ts";
export * from "./receiver.ts";
export * from "./render_notification.ts";
export * from "./webhook_payload.ts";
