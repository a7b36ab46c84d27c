import { classifyAddress, isLoopback, KitError } from "../../base/mod.ts";

/** A host name of one or more labels, without a wildcard. */
const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Check a host that the user wants to allow, and return it in the form of `URL.hostname`.
 *
 * @throws {KitError} `usage` if the text is not a host name, or if it is a non-public address while the API is not on
 * loopback
 */
export function parseAllowedHost(text: string, options: { readonly isBaseLoopback: boolean }): string {
  const refuse = (state: string, hint: string): KitError =>
    new KitError("usage", `Cannot allow the host "${text}": ${state}`, { hint });
  const trimmed = text.trim();
  const wildcard = trimmed.startsWith("*.") ? "*." : "";
  const rest = trimmed.slice(wildcard.length);
  const url = /[/?#@\\%\s]/.test(rest) || /:\d*$/.test(rest.replace(/^\[.*\]/, ""))
    ? null
    : URL.parse(`https://${rest}/`);
  const hostname = url?.hostname ?? "";
  const kind = classifyAddress(hostname);
  if (hostname === "" || (kind === null && !NAME.test(hostname)) || (kind !== null && wildcard !== "")) {
    throw refuse(
      "it is not a host name",
      "Use a name such as files.example.com or *.example.com, without scheme, port or path",
    );
  }
  const isNonPublic = isLoopback(hostname) || (kind !== null && kind !== "public");
  if (isNonPublic && !options.isBaseLoopback) {
    throw refuse(
      `files are never fetched from an address that is ${kind ?? "loopback"}`,
      "Omit it: no storage host has such an address",
    );
  }
  return `${wildcard}${hostname}`;
}
