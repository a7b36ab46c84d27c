import { cleanText, systemClock } from "../../base/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { canConnect } from "./_can_connect.ts";
import { PartialDelivery } from "./_partial_delivery.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import { type MailServer, sendMail } from "./_send_mail.ts";
import type { Receiver, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** Length limit of a mail: nobody reads longer ones. */
const MAX_LENGTH = 100_000;
/** One plain address: no name, no list, nothing that could end a header. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()\\,;:"\p{Cc}]+$/u;
const MAX_RECIPIENTS = 50;

/** `smtp:` and `smtps:`: sends one mail to all addresses in `to`. */
export function createMailReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock } = seams;
  const server = parseServer(url, seams.ca);
  const from = parseAddresses(url, "from", "fromaddress");
  const to = parseAddresses(url, "to", "toaddresses");
  if (from.length !== 1) url.fail('the parameter "from" must be one address');
  if (to.length === 0) url.fail('no address to send to: the parameter "to" is missing');
  if (to.length > MAX_RECIPIENTS) url.fail(`more than ${MAX_RECIPIENTS} addresses to send to`);
  const prefix = url.parameter("subject", "title");
  if (url.segments.length > 0) url.fail("unexpected path after the host");
  url.assertAllRead();
  const partial = new PartialDelivery(clock);
  return {
    description: server.description,
    isReachable({ signal }) {
      const { host, port, encryption } = server;
      return canConnect({ hostname: host, port, isSecure: encryption === "tls", isGreeting: true }, { signal });
    },
    async send(notification, { signal }) {
      const { title, text } = renderNotification(notification, { maxLength: MAX_LENGTH, now: clock.now() });
      const pending = partial.remaining(notification, to);
      const subject = cleanText(prefix === undefined ? title : `${prefix} ${title}`);
      const { refused } = await sendMail(server, { from: from[0]!, to: pending, subject, text: `${text}\n` }, signal);
      for (const address of pending) if (!refused.includes(address)) partial.recordAccepted(notification, address);
      if (refused.length > 0) {
        const state = `the server refused ${refused.length} of ${to.length} addresses`;
        throw new FailureError("rejected", `Cannot notify "${server.description}": ${state}`, {
          hint: 'Check the addresses in "to"',
        });
      }
      partial.forget(notification);
    },
  };
}

function parseServer(url: ReceiverUrl, ca: string | undefined): MailServer {
  const isSecure = url.scheme === "smtps";
  const port = url.port ?? (isSecure ? 465 : 587);
  const hostname = new URL(`http://${url.host}`).hostname;
  const startTls = url.flag(true, "starttls", "usestarttls");
  if (isSecure && !startTls) url.fail('"smtps:" is always encrypted: "starttls=no" needs "smtp:"');
  const isPlain = !isSecure && !startTls;
  if (url.hasLogin && (url.user === "" || url.password === "")) url.fail("user and password must be given together");
  if (isPlain && url.hasLogin) url.assertLoopback('"starttls=no" would send the password in the clear');
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port,
    description: `${url.scheme}://${hostname}:${port}/…`,
    encryption: isSecure ? "tls" : startTls ? "starttls" : "none",
    login: url.hasLogin ? { user: url.user, pass: url.password } : undefined,
    ca,
  };
}

/** Read a list of addresses. A "+" in an address stays a "+", although it means a space elsewhere in a query. */
function parseAddresses(url: ReceiverUrl, ...names: readonly string[]): readonly string[] {
  const addresses = url.list(...names).map((address) => address.replaceAll(" ", "+"));
  if (!addresses.every((address) => ADDRESS.test(address))) {
    url.fail(`"${names[0]}" must contain only plain addresses such as name@example.org`);
  }
  return [...new Set(addresses)];
}
