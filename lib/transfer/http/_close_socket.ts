import type { Socket } from "./socket_seams.ts";

/** Close a socket that may already be closed. */
export function closeSocket(socket: Pick<Socket, "close">): void {
  try {
    socket.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
