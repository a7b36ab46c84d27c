import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

const FOLDER = `${import.meta.dirname}/../transfer/certificate`;
/** Signs the server's certificate. */
export const CA = Deno.readTextFileSync(`${FOLDER}/ca.pem`);

const CERTIFICATE = {
  cert: Deno.readTextFileSync(`${FOLDER}/cert.pem`),
  key: Deno.readTextFileSync(`${FOLDER}/key.pem`),
};

/** A mail that the server accepted. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly isSecure: boolean;
  /** Headers and body as received. */
  readonly text: string;
}

/** A mail server on loopback. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly mails: readonly TakenMail[];
  /** Attempted logins, successful or not. */
  readonly logins: readonly string[];
}

/** Options of {@linkcode serveMail}. */
export interface MailServerOptions {
  /** TLS from the first byte. */
  readonly isSecure?: boolean;
  /** Offer no STARTTLS. */
  readonly isPlain?: boolean;
  /** Accepted login; none is required if absent. */
  readonly login?: { readonly user: string; readonly pass: string };
  /** Awaited before a mail is accepted. */
  readonly onMail?: () => Promise<void>;
  /** Refused addresses and the response to each. */
  readonly refused?: Readonly<Record<string, number>>;
}

/** Start a real SMTP server. */
export async function serveMail(options: MailServerOptions = {}): Promise<MailServer> {
  const { isSecure = false, isPlain = false, login, refused = {}, onMail } = options;
  const mails: TakenMail[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    secure: isSecure,
    authOptional: login === undefined,
    disableReverseLookup: true,
    logger: false,
    ...CERTIFICATE,
    disabledCommands: [...(isPlain ? ["STARTTLS"] : []), ...(login === undefined ? ["AUTH"] : [])],
    closeTimeout: 100,
    onAuth({ username, password }, _session, callback) {
      logins.push(username ?? "");
      const isRight = username === login?.user && password === login?.pass;
      // A careless server echoes its input.
      if (isRight) callback(null, { user: username });
      else callback(new Error(`no: ${password}`));
    },
    onRcptTo({ address }, _session, callback) {
      const code = refused[address];
      callback(code === undefined ? null : Object.assign(new Error("not here"), { responseCode: code }));
    },
    async onData(stream, session, callback) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      await onMail?.();
      const { mailFrom, rcptTo } = session.envelope;
      mails.push({
        from: mailFrom === false ? "" : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        user: session.user,
        isSecure: session.secure,
        text: new TextDecoder().decode(await new Blob(chunks as BlobPart[]).arrayBuffer()),
      });
      callback();
    },
  });
  // Some tests have clients that disconnect.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
