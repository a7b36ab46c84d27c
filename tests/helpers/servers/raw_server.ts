/** One connection of a {@linkcode RawServer}, seen from the server. */
export interface RawConnection {
  /** 0 for the first connection of the server. */
  readonly index: number;
  /** The next request, or `null` if the client disconnected. */
  request(): Promise<string | null>;
  /** Send text, one byte per character, or bytes. */
  send(data: string | Uint8Array): Promise<void>;
  /** Close the connection; over TLS with close_notify. */
  close(): void;
}

/** A server that does exactly what the test specifies, valid or not. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Every request in order of arrival. */
  readonly requests: readonly string[];
  /** Connections that were made. */
  readonly connections: number;
}

/** Options of {@linkcode serveRaw}. */
export interface RawServerOptions {
  readonly isSecure?: boolean;
  readonly hostname?: string;
}

const FOLDER = `${import.meta.dirname}/../../transfer/certificate`;
/** Signs the server's certificate. */
export const CA = Deno.readTextFileSync(`${FOLDER}/ca.pem`);
// Only for tests, and valid for a hundred years: localhost, 127.0.0.1 and ::1.
const CERTIFICATE = {
  cert: Deno.readTextFileSync(`${FOLDER}/cert.pem`),
  key: Deno.readTextFileSync(`${FOLDER}/key.pem`),
};

/** Start the server; a connection is closed when `act` ends. */
export function serveRaw(act: (connection: RawConnection) => Promise<void>, options: RawServerOptions = {}): RawServer {
  const { isSecure = false, hostname = "127.0.0.1" } = options;
  const listener: Deno.Listener<Deno.Conn, Deno.NetAddr> = isSecure
    ? Deno.listenTls({ hostname, port: 0, ...CERTIFICATE })
    : Deno.listen({ hostname, port: 0 });
  const { port } = listener.addr;
  const requests: string[] = [];
  const open = new Set<Deno.Conn>();
  let connections = 0;
  const serve = async (conn: Deno.Conn): Promise<void> => {
    open.add(conn);
    try {
      await act(wrap(conn, connections++, requests));
    } catch (error) {
      // The client disconnected, as many tests intend.
      if (!(error instanceof Error) || !(error.name in Deno.errors)) throw error;
    } finally {
      if (open.delete(conn)) close(conn);
    }
  };
  const running: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) running.push(serve(conn));
  })();
  return {
    port,
    requests,
    url: `${isSecure ? "https" : "http"}://${
      hostname.includes(":") ? `[${hostname}]` : hostname
    }:${port}/file?key=secret`,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const conn of open) close(conn);
      await Promise.all(running);
    },
  };
}

function wrap(conn: Deno.Conn, index: number, requests: string[]): RawConnection {
  return {
    index,
    async request() {
      let text = "";
      const buffer = new Uint8Array(4096);
      while (!text.endsWith("\r\n\r\n")) {
        const count = await conn.read(buffer);
        if (count === null) return null;
        text += String.fromCharCode(...buffer.subarray(0, count));
      }
      requests.push(text);
      return text;
    },
    async send(data) {
      const bytes = typeof data === "string" ? Uint8Array.from(data, (char) => char.charCodeAt(0)) : data;
      for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
    },
    close: () => close(conn),
  };
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** Answer every request of a connection with the same text until the client disconnects. */
export function always(text: string): (connection: RawConnection) => Promise<void> {
  return async (connection) => {
    while (await connection.request() !== null) await connection.send(text);
  };
}
