import { type Clock, systemClock } from "../../base/mod.ts";
import { closeSocket } from "./_close_socket.ts";
import type { ConnectSocket, Socket } from "./socket_seams.ts";

/** A host that has not answered by then will hardly do so in the very moment when we give it up. */
const GRACE_MS = 1000;

/** Options of {@linkcode connectTcp}. */
export interface ConnectTcpOptions {
  /** @default {Deno.connect} */
  readonly connect?: ConnectSocket | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
}

/**
 * Make a TCP connection, or none: `Deno.connect` forgets, open, a connection that was made in the moment of the abort.
 * So an abort ends our wait at once, and the attempt itself only when nothing came of it for a while.
 *
 * @param to Where to, and what ends the wait
 * @param options Seams
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
