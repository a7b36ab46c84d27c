import { systemClock } from "../../base/mod.ts";
import { basicAuth } from "./_basic_auth.ts";
import { HttpSender } from "./http_sender.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import { urgencyOf } from "../_urgency.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** Length limit of a message, in bytes; ntfy turns a longer one into an attachment. */
const MAX_BYTES = 4096;
const PRIORITIES: Readonly<Record<string, number>> = {
  min: 1,
  low: 2,
  default: 3,
  high: 4,
  max: 5,
  urgent: 5,
  "1": 1,
  "2": 2,
  "3": 3,
  "4": 4,
  "5": 5,
};
const PRIORITY_BY_URGENCY = { critical: 5, warning: 4, other: 3, resolved: 3 } as const;
const TAG_BY_URGENCY = {
  critical: "rotating_light",
  warning: "warning",
  other: "bell",
  resolved: "white_check_mark",
} as const;

/** `ntfy:` and `ntfys:`: publishes a push message as JSON. */
export const NTFY: ReceiverKind = {
  form: "ntfy://[USER:PASSWORD@]HOST/TOPIC",
  shown: ["priority", "tags", "disabletls"],
  create: createNtfyReceiver,
};
/** The same service: both use TLS, unless `ntfy:` says otherwise. */
export const SECURE_NTFY: ReceiverKind = { ...NTFY, form: "ntfys://[USER:PASSWORD@]HOST/TOPIC" };

function createNtfyReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock } = seams;
  const { host } = url;
  const [topic, ...more] = url.segments;
  if (topic === undefined) url.fail(`no topic: to publish at ntfy.sh, write ${url.scheme}://ntfy.sh/TOPIC`);
  if (more.length > 0 || !/^[-_A-Za-z0-9]{1,64}$/.test(topic)) {
    url.fail("a topic is one part of 1 to 64 letters, digits, - and _");
  }
  const headers = authHeaders(url);
  const isPlain = url.flag("disabletls", false);
  if (isPlain && url.scheme === "ntfys") url.fail('"ntfys:" is always encrypted: "disabletls" needs "ntfy:"');
  if (isPlain && headers.authorization !== undefined) {
    url.assertLoopback('"disabletls=yes" would send the login in the clear');
  }
  const ownTitle = url.parameter("title");
  const ownTags = url.list("tags");
  const ownPriority = parsePriority(url);
  url.assertAllRead();
  // Anyone who knows the topic can read and publish messages, so it is treated like a password and not shown.
  const description = `${url.scheme}://${host}/…`;
  const sender = new HttpSender(description, seams);
  const target = new URL(`${isPlain ? "http" : "https"}://${host}/`);
  return {
    description,
    isReachable: (options) => sender.isReachable(target, options),
    send(notification, { signal }) {
      const measure = (text: string) => new TextEncoder().encode(text).length;
      const { title, text } = renderNotification(notification, { maxLength: MAX_BYTES, measure, now: clock.now() });
      const urgency = urgencyOf(notification);
      // The priority in the URL is for firing alerts; the notification that they resolved keeps the default.
      const priority = urgency === "resolved" ? undefined : ownPriority;
      const message = {
        topic,
        title: ownTitle === undefined ? title : `${ownTitle} ${title}`,
        message: text,
        priority: priority ?? PRIORITY_BY_URGENCY[urgency],
        tags: [TAG_BY_URGENCY[urgency], ...ownTags],
      };
      return sender.post(target, message, { signal, headers });
    },
  };
}

function authHeaders(url: ReceiverUrl): Record<string, string> {
  const token = url.parameter("token");
  if (token !== undefined && url.hasLogin) url.fail("a token cannot be combined with a user");
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  return url.hasLogin ? { authorization: basicAuth(url.user, url.password) } : {};
}

function parsePriority(url: ReceiverUrl): number | undefined {
  const text = url.parameter("priority")?.toLowerCase();
  if (text === undefined) return undefined;
  return PRIORITIES[text] ?? url.fail('the parameter "priority" must be 1 to 5, or min, low, default, high, max');
}
