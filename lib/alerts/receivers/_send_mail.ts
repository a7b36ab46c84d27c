import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { classifyFailure, type FailureClass, FailureError } from "../../failsafe/mod.ts";

/** A server that takes mail. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** Safe to show. */
  readonly describe: string;
  /** `tls` from the first byte, `starttls` or nothing, or no encryption. */
  readonly encryption: "tls" | "starttls" | "none";
  readonly login: { readonly user: string; readonly pass: string } | undefined;
  /** A certificate authority besides the system's, as PEM. */
  readonly ca: string | undefined;
}

/** What is sent. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Backstops: the caller's signal comes first. */
const IDLE_MS = 30_000;

/** What nodemailer's codes mean. */
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
  EPROTOCOL: ["rejected", "what answers is no mail server", "Check host and port"],
  EENVELOPE: ["rejected", "the server refused the addresses", 'Check "from" and "to"'],
};

/**
 * Send one mail over a connection of its own.
 *
 * @returns The addresses that the server refused while it took others
 * @throws {FailureError} Never with the server's own words: they may quote what was sent
 */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  signal: AbortSignal,
): Promise<{ refused: readonly string[] }> {
  signal.throwIfAborted();
  const { createTransport } = await import("npm:nodemailer@^10.6.0");
  // A socket of our own, so that a stop ends it at once.
  const socket = connect({ host: server.host, port: server.port });
  // Between two listeners an error must not end the process; whoever waits for the socket hears of it anyway.
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
      return await createTransport(transportOptions(server, socket)).sendMail(messageOf(mail));
    })();
    const { rejected } = await Promise.race([sending, stopped]);
    return { refused: rejected ?? [] };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw explain(error, server);
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

function messageOf({ from, to, subject, text }: Mail) {
  // Addresses as objects are never read as lists.
  const address = (text: string) => ({ name: "", address: text });
  return {
    from: address(from),
    to: to.map(address),
    subject,
    text,
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

function explain(error: unknown, server: MailServer): FailureError {
  const action = `Cannot notify "${server.describe}"`;
  if (error instanceof Deno.errors.NotCapable) {
    return new FailureError("rejected", `${action}: the runtime does not permit the connection`, {
      hint: "Name the host in --allow-net, or in the task's permissions",
    });
  }
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const answer = typeof responseCode === "number" ? responseCode : undefined;
  // A certificate that nobody vouches for is a broken connection to nodemailer.
  const key = classifyFailure(error) === "tls" ? "ETLS" : String(code);
  const [failure, state, hint] = CODES[key] ?? ["unknown", "the mail could not be sent"];
  // 4xx of SMTP is "later", 5xx is "never".
  const isLater = answer !== undefined && answer >= 400 && answer < 500;
  const shown = answer === undefined ? state : `${state} (${answer})`;
  return new FailureError(isLater ? "server" : failure, `${action}: ${shown}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}
