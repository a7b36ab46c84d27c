import { basicAuth } from "./_basic_auth.ts";
import { HttpSender } from "./http_sender.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { toWebhookPayload } from "./webhook_payload.ts";

/** `json:` and `jsons:`: posts Alertmanager's webhook payload. Path and query are sent to the service unchanged. */
export const PLAIN_WEBHOOK: ReceiverKind = {
  form: "json://HOST/PATH",
  shown: [],
  create: createWebhookReceiver,
};
/** The same with TLS from the first byte. */
export const SECURE_WEBHOOK: ReceiverKind = { ...PLAIN_WEBHOOK, form: "jsons://HOST/PATH" };

function createWebhookReceiver(url: ReceiverUrl, options: ReceiverOptions): Receiver {
  const { host, pathAndQuery } = url;
  const isPlain = url.scheme === "json";
  if (isPlain && url.hasLogin) url.assertLoopback('it would send the password in the clear: "jsons:" encrypts it');
  const target = new URL(`${isPlain ? "http" : "https"}://${host}${pathAndQuery}`);
  const headers: Record<string, string> = url.hasLogin ? { authorization: basicAuth(url.user, url.password) } : {};
  const description = `${url.scheme}://${host}/${pathAndQuery.length > 1 ? "…" : ""}`;
  const sender = new HttpSender(description, options);
  return {
    description,
    isReachable: (options) => sender.isReachable(target, options),
    send: (notification, { signal }) => sender.post(target, toWebhookPayload(notification), { signal, headers }),
  };
}
