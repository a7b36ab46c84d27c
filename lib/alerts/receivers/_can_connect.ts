import { once } from "node:events";
import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";

/** What to connect to. */
export interface ConnectTarget {
  /** Name or address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Whether a connection includes the TLS handshake. Certificates are not checked: nothing is sent. */
  readonly isSecure: boolean;
  /**
   * Whether the server speaks first, as a mail server does.
   *
   * @default {false}
   */
  readonly isGreeting?: boolean;
}

/** Whether a server takes a connection now; `false` after an abort. */
export async function canConnect(target: ConnectTarget, { signal }: { signal: AbortSignal }): Promise<boolean> {
  if (signal.aborted) return false;
  const { hostname: host, port, isSecure, isGreeting = false } = target;
  const socket = isSecure
    ? connectTls({ host, port, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connectTcp({ host, port });
  // An error while nobody else listens must not crash the process; code that awaits the socket receives it anyway.
  socket.on("error", () => {});
  const stop = () => socket.destroy(new Error("stopped"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    await once(socket, isSecure ? "secureConnect" : "connect");
    if (isGreeting) await once(socket, "data");
    return true;
  } catch {
    // Whatever the reason is, there is no connection.
    return false;
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}
