import { isLoopback, KitError } from "../../base/mod.ts";
import { MIN_TOKEN_LENGTH } from "./_access_token.ts";
import { type ListenAddress, parseListen } from "./parse_listen.ts";

/**
 * Parse an address, and reject one that other machines could reach without a token.
 *
 * @throws {KitError} `usage` for an invalid address, a weak token, or a public address without a token
 */
export function checkListen(listen: string, token: string | undefined): ListenAddress {
  const address = readAddress(listen);
  if (token !== undefined && (token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token))) {
    throw new KitError("usage", `Cannot use the token: it needs ${MIN_TOKEN_LENGTH} visible ASCII characters`, {
      hint: "Create one with: openssl rand -hex 16",
    });
  }
  if (token === undefined && !isLoopback(address.hostname)) {
    throw new KitError("usage", `Cannot listen on "${listen}": other machines could use it without a token`, {
      hint: "Give a token with --page-token-file, or listen on 127.0.0.1",
    });
  }
  return address;
}

function readAddress(text: string): ListenAddress {
  try {
    return parseListen(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new KitError("usage", error.message, { cause: error }) : error;
  }
}
