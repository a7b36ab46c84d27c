import { isLoopback } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";

/** The hosts that Civitai stores model files on. */
export const STORAGE_HOSTS: readonly string[] = ["*.r2.cloudflarestorage.com", "b2.civitai.com", "*.backblazeb2.com"];

/** Options of {@linkcode checkDownloadHost}. */
export interface CheckDownloadHostOptions {
  /** Host names, or `*.` and a domain; compared without the port. */
  readonly allowedHosts: readonly string[];
  /** Whether the API itself is on this machine, as in tests: then http and loopback are fine. */
  readonly isBaseLoopback: boolean;
  /** What was attempted, to complete "Cannot …". */
  readonly what: string;
}

/**
 * Refuse a redirect to anywhere but the storage hosts: a hijacked answer must not make us fetch from a router or a
 * neighbour. A number (IP address) passes only when it is listed as it is.
 *
 * @param url Where the redirect leads
 * @param options What is allowed
 * @throws {FailureError} `refused-host`, naming the host
 */
export function checkDownloadHost(url: URL, options: CheckDownloadHostOptions): void {
  const { allowedHosts, isBaseLoopback, what } = options;
  const { hostname } = url;
  const refuse = (state: string, hint: string): FailureError =>
    new FailureError("refused-host", `Cannot ${what}: the redirect leads to "${hostname}", ${state}`, { hint });
  if (url.username !== "" || url.password !== "") {
    throw refuse("with a password in it", "Report this: no honest answer does so");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isBaseLoopback)) {
    throw refuse(`by "${url.protocol.slice(0, -1)}", which is not encrypted`, "Only https is followed");
  }
  if (isLoopback(hostname) && isBaseLoopback) return;
  if (allowedHosts.some((pattern) => matches(hostname, pattern.toLowerCase()))) return;
  const state = isAddress(hostname) ? "an address and no name" : "which is no known storage host";
  throw refuse(state, `If you trust it, give --allow-host ${hostname}`);
}

function matches(hostname: string, pattern: string): boolean {
  if (!pattern.startsWith("*.")) return hostname === pattern;
  return !isAddress(hostname) && hostname.endsWith(pattern.slice(1)) && hostname.length >= pattern.length;
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname);
}
