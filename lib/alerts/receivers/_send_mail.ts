import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { isDenoError } from "../../base/mod.ts";
import { classifyFailure, type FailureClass, FailureError } from "../../failsafe/mod.ts";

/** A mail server, and how to log in. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** The server's URL without secrets. */
  readonly description: string;
  /**
   * `tls` encrypts from the first byte, `starttls` fails if the server does not support it, `none` sends in the clear.
   */
  readonly encryption: "tls" | "starttls" | "none";
  readonly login: { readonly user: string; readonly pass: string } | undefined;
  /** An additional certificate authority to trust, as PEM. */
  readonly ca: string | undefined;
}

/** A plain-text mail. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Timeout of nodemailer, as a backstop; the caller's signal usually comes first. */
const IDLE_MS = 30_000;

/** Failure class, message and hint for each of nodemailer's error codes. */
const CODES: Readonly<Record<string, readonly [FailureClass, string, string?]>> = {
  EAUTH: ["login", "the server does not accept user and password", "Check both in the receiver's URL"],
  ENOAUTH: ["login", "the server does not accept user and password", "Check both in the receiver's URL"],
  ETLS: ["tls", "no encrypted connection could be made", 'Check the certificate, or whether it is "smtps:"'],
  ESOCKET: ["connection", "the connection broke"],
  ECONNECTION: ["connection", "the connection broke"],
  ECONNREFUSED: ["connection", "the connection was refused"],
  ECONNRESET: ["connection", "the connection broke"],
  EPIPE: ["connection", "the connection broke"],
  ETIMEDOUT: ["timeout", "no answer in time"],
  ENOTFOUND: ["dns", "the host name has no address"],
  EDNS: ["dns", "the host name has no address"],
  EPROTOCOL: ["rejected", "the server does not speak SMTP", "Check host and port"],
  EENVELOPE: ["rejected", "the server refused the addresses", 'Check "from" and "to"'],
};

/**
 * Send one mail over a separate connection.
 *
 * @throws {FailureError} If the mail was not sent; never quotes the server's reply, which may repeat what was sent
 */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { createTransport } = await import("nodemailer");
  // The socket is opened here, not by nodemailer, so that an abort can destroy it at once.
  const socket = connect({ host: server.host, port: server.port });
  // An error while nobody else listens must not crash the process; code that awaits the socket receives it anyway.
  socket.on("error", () => {});
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  const abort = () => {
    socket.destroy();
    stop(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    const sending = (async () => {
      await once(socket, "connect");
      return await createTransport(transportOptions(server, socket)).sendMail(toMessage(mail));
    })();
    await Promise.race([sending, stopped]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toFailure(error, server);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

function transportOptions(server: MailServer, socket: Socket) {
  const { host, port, encryption, login, ca } = server;
  return {
    host,
    port,
    connection: socket,
    name: "[127.0.0.1]",
    secure: encryption === "tls",
    requireTLS: encryption === "starttls",
    ignoreTLS: encryption === "none",
    ...(login === undefined ? {} : { auth: { ...login } }),
    ...(ca === undefined ? {} : { tls: { ca: [...rootCertificates, ca] } }),
    connectionTimeout: IDLE_MS,
    greetingTimeout: IDLE_MS,
    socketTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function toMessage({ from, to, subject, text }: Mail) {
  // nodemailer parses a string as a list of addresses; an object is always one address.
  const address = (text: string) => ({ name: "", address: text });
  return {
    from: address(from),
    to: address(to),
    subject,
    text,
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

function toFailure(error: unknown, server: MailServer): FailureError {
  const action = `Cannot notify "${server.description}"`;
  if (isDenoError(error, "NotCapable")) {
    return new FailureError("rejected", `${action}: the runtime does not permit the connection`, {
      hint: "Name the host in --allow-net, or in the task's permissions",
    });
  }
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const replyCode = typeof responseCode === "number" ? responseCode : undefined;
  // nodemailer reports an untrusted certificate as a broken connection.
  const key = classifyFailure(error) === "tls" ? "ETLS" : String(code);
  const [failure, state, hint] = CODES[key] ?? ["unknown", "the mail could not be sent"];
  // In SMTP 4xx is temporary, 5xx permanent.
  const isTemporary = replyCode !== undefined && replyCode >= 400 && replyCode < 500;
  const shown = replyCode === undefined ? state : `${state} (${replyCode})`;
  return new FailureError(isTemporary ? "server" : failure, `${action}: ${shown}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}
