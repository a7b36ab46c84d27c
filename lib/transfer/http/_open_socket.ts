import { FailureError, type StepWait, type WaitStep } from "../../failsafe/mod.ts";
import { closeSocket } from "./_close_socket.ts";
import type { CheckPeer, ConnectSocket, Socket, StartTls } from "./socket_seams.ts";
import { socketFailure, type SocketStep } from "./_socket_failure.ts";

/** Options of {@linkcode openSocket}. */
export interface OpenSocketOptions {
  readonly connect: ConnectSocket;
  readonly startTls: StartTls;
  readonly checkPeer: CheckPeer | undefined;
  /** Certificates to trust in addition to the default ones, in PEM format. */
  readonly caCerts: readonly string[];
  /** Aborts the TCP connection and the TLS handshake. */
  readonly signal: AbortSignal;
  /** Time limit for the TCP connection, including the DNS lookup; unlimited if absent. */
  readonly connectTimeoutMs: number | undefined;
  /** Time limit for the TLS handshake; unlimited if absent. */
  readonly tlsTimeoutMs: number | undefined;
  /** Called with each step that has a limit, when it is over or has timed out. */
  readonly onWait?: ((wait: StepWait) => void) | undefined;
  /** Called when a step begins. */
  readonly onStep?: ((step: WaitStep, connectionAgeMs: null) => void) | undefined;
}

/**
 * Connect to the host of a URL, with TLS for https.
 *
 * @param url Only scheme, host and port are used
 * @param options Limits, and seams for tests
 * @returns The socket, ready for a request
 * @throws {FailureError} "dns", "connection", "tls" or "timeout"; an error of `checkPeer` is thrown unchanged
 */
export async function openSocket(url: URL, options: OpenSocketOptions): Promise<Socket> {
  const { connect, signal, connectTimeoutMs, tlsTimeoutMs, onWait, onStep } = options;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const isSecure = url.protocol === "https:";
  const usualPort = isSecure ? 443 : 80;
  const port = url.port === "" ? usualPort : Number(url.port);
  onStep?.("connect", null);
  const both = { host: url.host, signal, onWait };
  const tcpLimit = { ...both, step: "connect", what: "no connection", ms: connectTimeoutMs } as const;
  const socket = await limit(tcpLimit, (signal) => connect({ hostname, port, signal }));
  checkRemote(url, socket, options.checkPeer);
  if (!isSecure) return socket;
  onStep?.("tls", null);
  const tlsLimit = { ...both, step: "tls", what: "no TLS handshake", ms: tlsTimeoutMs } as const;
  return await limit(tlsLimit, (signal) => performHandshake(socket, hostname, { ...options, signal }));
}

function checkRemote(url: URL, socket: Socket, checkPeer: CheckPeer | undefined): void {
  const remote = socket.remoteAddr;
  if (checkPeer === undefined || !("hostname" in remote)) return;
  try {
    checkPeer(url, remote.hostname);
  } catch (error) {
    closeSocket(socket);
    throw error;
  }
}

async function performHandshake(socket: Socket, hostname: string, options: OpenSocketOptions): Promise<Socket> {
  const { startTls, caCerts, signal } = options;
  // Until TLS wraps it, the plain socket is the one to close.
  let outermost = socket;
  const close = (): void => closeSocket(outermost);
  signal.addEventListener("abort", close);
  try {
    const secure = await startTls(socket, { hostname, alpnProtocols: ["http/1.1"], caCerts: [...caCerts] });
    outermost = secure;
    signal.throwIfAborted();
    await secure.handshake();
    return secure;
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

interface ConnectLimit {
  readonly step: Exclude<SocketStep, "exchange">;
  readonly what: string;
  readonly host: string;
  readonly ms: number | undefined;
  readonly signal: AbortSignal;
  readonly onWait: ((wait: StepWait) => void) | undefined;
}

/** Limit a step by its own timeout and by the caller's signal; rejects with the reason of the one that fires. */
async function limit(options: ConnectLimit, act: (signal: AbortSignal) => Promise<Socket>): Promise<Socket> {
  const { step, what, host, ms, signal, onWait } = options;
  signal.throwIfAborted();
  const startMs = performance.now();
  const report = (outcome: StepWait["outcome"]): void => {
    if (ms === undefined) return;
    onWait?.({ step, host, outcome, limitMs: ms, elapsedMs: performance.now() - startMs, connectionAgeMs: 0 });
  };
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort);
  const timer = ms === undefined ? undefined : setTimeout(() => {
    if (stop.signal.aborted) return;
    report("timeout");
    stop.abort(new FailureError("timeout", `Cannot fetch from "${host}": ${what} within ${ms / 1000} s`));
  }, ms);
  try {
    const socket = await act(stop.signal);
    if (!stop.signal.aborted) {
      report("ok");
      return socket;
    }
    closeSocket(socket);
    throw stop.signal.reason;
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : socketFailure(error, step, host);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
