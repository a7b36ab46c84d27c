import { once } from "node:events";
import type { Server } from "node:http";
import { isLoopback, KitError } from "../base/mod.ts";
import { MIN_TOKEN_LENGTH } from "./_access_token.ts";
import { type ListenAddress, parseListen } from "./parse_listen.ts";

/**
 * Read an address, and refuse one that would let others in without a token.
 *
 * @param listen What the user wrote
 * @param token What readers must know, if anything
 * @returns The address
 * @throws {KitError} `usage`
 */
export function checkListen(listen: string, token: string | undefined): ListenAddress {
  const address = readAddress(listen);
  if (token !== undefined && (token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token))) {
    throw new KitError("usage", `Cannot use the token: it needs ${MIN_TOKEN_LENGTH} visible ASCII characters`, {
      hint: "Make one with: openssl rand -hex 16",
    });
  }
  if (token === undefined && !isLoopback(address.hostname)) {
    throw new KitError("usage", `Cannot listen on "${listen}": other machines could read along without a token`, {
      hint: "Give a token with --token, or listen on 127.0.0.1",
    });
  }
  return address;
}

/**
 * Begin to listen.
 *
 * @param server The server
 * @param address Where
 * @returns The port, which is another than asked for if that was 0
 * @throws {KitError} `usage` if that is not possible
 */
export async function listen(server: Server, { hostname, port }: ListenAddress): Promise<number> {
  try {
    // `once` rejects with the error that comes instead.
    const listening = once(server, "listening");
    server.listen(port, hostname);
    await listening;
  } catch (cause) {
    throw explain(cause, `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function readAddress(text: string): ListenAddress {
  try {
    return parseListen(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new KitError("usage", error.message, { cause: error }) : error;
  }
}

const REASONS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EADDRINUSE: ["the port is in use", "Another monitor may be running: stop it, or choose another port"],
  EADDRNOTAVAIL: ["this machine has no such address", "Listen on 127.0.0.1, or on an address of this machine"],
  ENOTFOUND: ["nobody knows that name", "Listen on 127.0.0.1, or on an address of this machine"],
  EACCES: ["the system does not allow it", "Choose a port of 1024 or above"],
};

function explain(cause: unknown, where: string): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const isForbidden = cause instanceof Deno.errors.NotCapable || code === "EPERM";
  const reason = isForbidden
    ? ["the runtime was not permitted to", `Run with --allow-net=${where}`] as const
    : REASONS[code];
  if (reason === undefined) return cause;
  return new KitError("usage", `Cannot listen on "${where}": ${reason[0]}`, { hint: reason[1], cause });
}
