import type { Server } from "node:net";
import { nodeModule } from "./_node_module.ts";
import { isDenoError } from "./is_deno_error.ts";
import { KitError } from "./kit_error.ts";

/** The address and port to listen on. */
export interface ListenPlace {
  /** A name or address of this machine. */
  readonly hostname: string;
  /** Port number; with 0, the system chooses a free port. */
  readonly port: number;
  /**
   * The program that is probably using the port already; shown in the hint.
   *
   * @default {"Another program"}
   */
  readonly likelyHolder?: string | undefined;
}

/**
 * Start a server on an address and port, and turn the usual errors into messages with a hint.
 *
 * @param server A server that is not listening yet
 * @returns The port; if `port` is 0, the one that the system chose
 * @throws {KitError} `usage` if the port is in use, the host name is unknown, the address does not belong to this
 * machine, or a permission is missing
 */
export async function listen(server: Server, place: ListenPlace): Promise<number> {
  const { hostname, port } = place;
  try {
    // This rejects if the server emits "error" instead.
    const listening = nodeModule("node:events").once(server, "listening");
    server.listen(port, hostname);
    await listening;
  } catch (cause) {
    throw toListenError(cause, place);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

const NO_ADDRESS = [
  "this machine has no such address",
  "Listen on 127.0.0.1, or on an address of this machine",
] as const;
const REASONS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EADDRNOTAVAIL: NO_ADDRESS,
  // Deno reports EADDRNOTAVAIL as EINVAL.
  EINVAL: NO_ADDRESS,
  ENOTFOUND: ["the host name is unknown", "Listen on 127.0.0.1, or on an address of this machine"],
  EACCES: ["the system does not allow it", "Choose a port of 1024 or above"],
};

function toListenError(cause: unknown, { hostname, port, likelyHolder = "Another program" }: ListenPlace): unknown {
  const address = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  const listenError = (why: string, hint: string) =>
    new KitError("usage", `Cannot listen on "${address}": ${why}`, { hint, cause });
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (isDenoError(cause, "NotCapable") || code === "EPERM") {
    return listenError("the runtime denies permission", `Run with --allow-net=${address}`);
  }
  if (code === "EADDRINUSE") {
    return listenError("the port is in use", `${likelyHolder} may be using it: stop it, or choose another port`);
  }
  const reason = REASONS[code];
  return reason === undefined ? cause : listenError(...reason);
}
