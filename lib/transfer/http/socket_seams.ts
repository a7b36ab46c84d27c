/**
 * What the socket transport needs from a connection: a subset of `Deno.Conn`. Pending reads must end when it is closed.
 */
export type Socket = Pick<Deno.Conn, "read" | "write" | "close" | "ref" | "unref" | "remoteAddr">;

/** Checks the IP address of a new connection; an error that it throws closes the connection before anything is sent. */
export type CheckPeer = (url: URL, address: string) => void;

/** A connection with TLS. */
export type TlsSocket = Socket & Pick<Deno.TlsConn, "handshake">;

/** Opens TCP connections, as `Deno.connect` does. */
export type ConnectSocket = (
  options: { readonly hostname: string; readonly port: number; readonly signal: AbortSignal },
) => Promise<Socket>;

/** Starts TLS on a connection, as `Deno.startTls` does. */
export type StartTls = (
  socket: Socket,
  options: { readonly hostname: string; readonly alpnProtocols: string[]; readonly caCerts: string[] },
) => Promise<TlsSocket>;
