import { type Notification, parseReceiverUrl, type ReceiverOptions } from "../../lib/alerts/mod.ts";
import { notificationOf } from "./_notifications.ts";

/** Deliver once to a new receiver. */
export function sendOnce(
  url: string,
  seams: ReceiverOptions = {},
  notification: Notification = notificationOf(),
): Promise<void> {
  return parseReceiverUrl(url, seams).send(notification, { signal: new AbortController().signal });
}
