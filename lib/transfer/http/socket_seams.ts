/** What the socket transport needs of a connection; that of `Deno.Conn`, whose reads end when it is closed. */
export type Socket = Pick<Deno.Conn, "read" | "write" | "close" | "ref" | "unref"> & {
  /** What it is connected to, where that is known. */
  readonly remoteAddr?: Deno.Addr | undefined;
};

/** Looks at the IP address that a connection was made to; what it throws ends the connection before anything is sent. */
export type CheckPeer = (url: URL, address: string) => void;

/** A connection with TLS. */
export type TlsSocket = Socket & Pick<Deno.TlsConn, "handshake">;

/** Makes TCP connections; that of `Deno.connect`. */
export type ConnectSocket = (
  options: { readonly hostname: string; readonly port: number; readonly signal: AbortSignal },
) => Promise<Socket>;

/** Puts TLS on a connection; that of `Deno.startTls`. */
export type StartTls = (
  socket: Socket,
  options: { readonly hostname: string; readonly alpnProtocols: string[]; readonly caCerts: string[] },
) => Promise<TlsSocket>;
