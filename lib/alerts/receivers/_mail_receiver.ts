import { cleanText, systemClock } from "../../base/mod.ts";
import { canConnect } from "./_can_connect.ts";
import type { ReceiverUrl } from "./_receiver_url.ts";
import { type MailServer, sendMail } from "./_send_mail.ts";
import type { Receiver, ReceiverKind, ReceiverOptions } from "./receiver.ts";
import { renderNotification } from "./render_notification.ts";

/** Length limit of a mail: nobody reads longer ones. */
const MAX_LENGTH = 100_000;
/** One plain address: no name, no list, nothing that could end a header. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()\\,;:"\p{Cc}]+$/u;

/** `smtp:` and `smtps:`: sends a mail to one address. */
export const MAIL: ReceiverKind = {
  form: "smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS",
  shown: ["starttls"],
  create: createMailReceiver,
};
/** The same with TLS from the first byte. */
export const SECURE_MAIL: ReceiverKind = { ...MAIL, form: "smtps://USER:PASSWORD@HOST:465/?from=ADDRESS&to=ADDRESS" };

function createMailReceiver(url: ReceiverUrl, seams: ReceiverOptions): Receiver {
  const { clock = systemClock } = seams;
  const server = parseServer(url, seams.ca);
  const from = parseAddress(url, "from");
  const to = parseAddress(url, "to");
  const prefix = url.parameter("subject");
  if (url.segments.length > 0) url.fail("unexpected path after the host");
  url.assertAllRead();
  return {
    description: server.description,
    isReachable({ signal }) {
      const { host, port, encryption } = server;
      return canConnect({ hostname: host, port, isSecure: encryption === "tls", isGreeting: true }, { signal });
    },
    send(notification, { signal }) {
      const { title, text } = renderNotification(notification, { maxLength: MAX_LENGTH, now: clock.now() });
      const subject = cleanText(prefix === undefined ? title : `${prefix} ${title}`);
      return sendMail(server, { from, to, subject, text: `${text}\n` }, signal);
    },
  };
}

function parseServer(url: ReceiverUrl, ca: string | undefined): MailServer {
  const isSecure = url.scheme === "smtps";
  const port = url.port ?? (isSecure ? 465 : 587);
  const hostname = new URL(`http://${url.host}`).hostname;
  const startTls = url.flag("starttls", true);
  if (isSecure && !startTls) url.fail('"smtps:" is always encrypted: "starttls=no" needs "smtp:"');
  const isPlain = !isSecure && !startTls;
  const upgrade = startTls ? "starttls" : "none";
  if (url.hasLogin && (url.user === "" || url.password === "")) url.fail("user and password must be given together");
  if (isPlain && url.hasLogin) url.assertLoopback('"starttls=no" would send the password in the clear');
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port,
    description: `${url.scheme}://${hostname}:${port}/…`,
    encryption: isSecure ? "tls" : upgrade,
    login: url.hasLogin ? { user: url.user, pass: url.password } : undefined,
    ca,
  };
}

/** Read an address. A "+" in it stays a "+", although it means a space elsewhere in a query. */
function parseAddress(url: ReceiverUrl, name: "from" | "to"): string {
  const address = url.parameter(name)?.replaceAll(" ", "+") ?? url.fail(`the parameter "${name}" is missing`);
  if (address.includes(",")) url.fail(`"${name}" is one address: write a URL for each`);
  if (!ADDRESS.test(address)) url.fail(`"${name}" must be a plain address such as name@example.org`);
  return address;
}
