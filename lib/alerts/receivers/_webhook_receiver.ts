import { basicAuth } from "./_basic_auth.ts";
import { HttpSender } from "./http_sender.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Receiver, ReceiverOptions } from "./receiver.ts";
import { toWebhookPayload } from "./webhook_payload.ts";

const SECURE_SCHEMES: ReadonlySet<string> = new Set(["jsons", "generic+https"]);

/**
 * `json:`, `jsons:`, `generic+http:`, `generic+https:`: posts Alertmanager's webhook payload. Path and query are sent
 * to the service unchanged.
 */
export function createWebhookReceiver(url: ReceiverUrl, options: ReceiverOptions): Receiver {
  const { name = url.scheme, externalUrl } = options;
  const { host, pathAndQuery } = url;
  const target = new URL(`${SECURE_SCHEMES.has(url.scheme) ? "https" : "http"}://${host}${pathAndQuery}`);
  const headers: Record<string, string> = url.hasLogin ? { authorization: basicAuth(url.user, url.password) } : {};
  const description = `${url.scheme}://${host}/${pathAndQuery.length > 1 ? "…" : ""}`;
  const sender = new HttpSender(description, options);
  return {
    name,
    description,
    send: (notification, { signal }) =>
      sender.post(target, toWebhookPayload(notification, { externalUrl }), { signal, headers }),
  };
}
