import { type Clock, systemClock } from "../../base/mod.ts";
import { closeSocket } from "./_close_socket.ts";
import type { ConnectSocket, Socket } from "./socket_seams.ts";

/**
 * How long an aborted attempt may still complete. After that, it is unlikely to complete at the exact moment of the
 * final abort.
 */
const GRACE_MS = 1000;

/** Options of {@linkcode connectTcp}. */
export interface ConnectTcpOptions {
  /** @default {Deno.connect} */
  readonly connect?: ConnectSocket | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/**
 * Open a TCP connection without leaking one: `Deno.connect` leaves a connection open that is established at the moment
 * of the abort. Therefore an abort rejects immediately, but the attempt itself is aborted only after a grace period.
 *
 * @param to Host, port and the signal that ends the wait
 * @param options Seams for tests
 * @returns The connection
 * @throws The signal's reason, or what the platform throws
 */
export function connectTcp(to: Parameters<ConnectSocket>[0], options: ConnectTcpOptions = {}): Promise<Socket> {
  const { connect = (to) => Deno.connect(to), clock = systemClock } = options;
  const { signal, ...address } = to;
  const giveUp = new AbortController();
  const over = new AbortController();
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => {
      reject(signal.reason);
      clock.sleep(GRACE_MS, { signal: over.signal }).then(() => giveUp.abort(), () => {});
    };
    signal.addEventListener("abort", onAbort);
    connect({ ...address, signal: giveUp.signal })
      .then((socket) => signal.aborted ? closeSocket(socket) : resolve(socket))
      .catch(reject)
      .finally(() => {
        signal.removeEventListener("abort", onAbort);
        over.abort();
      });
  });
}
