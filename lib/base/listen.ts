import { once } from "node:events";
import type { Server } from "node:net";
import { KitError } from "./kit_error.ts";

/** Where to listen. */
export interface ListenPlace {
  /** A name or address of this machine. */
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /**
   * What may hold the port, for the hint.
   *
   * @default {"Another program"}
   */
  readonly rival?: string | undefined;
}

/**
 * Begin to listen.
 *
 * @param server The server
 * @param place Where
 * @returns The port, which is another than asked for if that was 0
 * @throws {KitError} `usage` if that is not possible
 */
export async function listen(server: Server, place: ListenPlace): Promise<number> {
  const { hostname, port } = place;
  try {
    // `once` rejects with the error that comes instead.
    const listening = once(server, "listening");
    server.listen(port, hostname);
    await listening;
  } catch (cause) {
    throw explain(cause, place);
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
  // What Deno makes of it.
  EINVAL: NO_ADDRESS,
  ENOTFOUND: ["nobody knows that name", "Listen on 127.0.0.1, or on an address of this machine"],
  EACCES: ["the system does not allow it", "Choose a port of 1024 or above"],
};

function explain(cause: unknown, { hostname, port, rival = "Another program" }: ListenPlace): unknown {
  const where = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  const refuse = (why: string, hint: string) =>
    new KitError("usage", `Cannot listen on "${where}": ${why}`, { hint, cause });
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (cause instanceof Deno.errors.NotCapable || code === "EPERM") {
    return refuse("the runtime was not permitted to", `Run with --allow-net=${where}`);
  }
  if (code === "EADDRINUSE") {
    return refuse("the port is in use", `${rival} may be running: stop it, or choose another port`);
  }
  const reason = REASONS[code];
  return reason === undefined ? cause : refuse(...reason);
}
