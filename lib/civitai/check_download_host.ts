import { classifyAddress, isLoopback } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";

/** The hosts that Civitai stores model files on. */
export const STORAGE_HOSTS: readonly string[] = ["*.r2.cloudflarestorage.com", "b2.civitai.com", "*.backblazeb2.com"];

/** What decides which hosts bytes may come from. */
export interface HostRules {
  /** Host names, or `*.` and a domain; compared without the port. */
  readonly allowedHosts: readonly string[];
  /** Whether the API itself is on this machine, as in tests: then http and loopback are fine. */
  readonly isBaseLoopback: boolean;
}

/** Options of {@linkcode checkDownloadHost}. */
export interface CheckDownloadHostOptions extends HostRules {
  /** What was attempted, to complete "Cannot …". */
  readonly what: string;
}

const DISHONEST =
  "Civitai sends no such address: report it to Civitai, and check that no proxy or name server answers in its place";

/**
 * Refuse an address from outside that leads anywhere but to the hosts that are allowed: a hijacked answer must not make
 * us fetch from a router or a neighbour. For redirects, links and image addresses alike, each hop of them. An IP address
 * passes only when it is public and listed as it is.
 *
 * @param url Where the server sends us
 * @param options What is allowed
 * @throws {FailureError} `refused-host`, naming the host
 */
export function checkDownloadHost(url: URL, options: CheckDownloadHostOptions): void {
  const { allowedHosts, isBaseLoopback, what } = options;
  const { hostname, protocol } = url;
  const refuse = (state: string, hint: string): FailureError =>
    new FailureError("refused-host", `Cannot ${what}: the server sends us to ${state}`, { hint });
  if (protocol !== "https:" && protocol !== "http:") {
    throw refuse(`a "${protocol}" address, which is never followed`, DISHONEST);
  }
  if (url.username !== "" || url.password !== "") throw refuse(`"${hostname}", with a password in it`, DISHONEST);
  if (protocol === "http:" && !isBaseLoopback) {
    throw refuse(`"${hostname}" by "http", which is not encrypted`, "Only https is followed");
  }
  if (isBaseLoopback && isLoopback(hostname)) return;
  const kind = classifyAddress(hostname);
  if (isLoopback(hostname) || (kind !== null && kind !== "public")) {
    throw refuse(`"${hostname}", which is ${kind ?? "loopback"} and never followed`, DISHONEST);
  }
  if (allowedHosts.some((pattern) => matches(hostname, pattern.toLowerCase()))) return;
  const state = kind === null ? "which is no known storage host" : "which is an IP address that is not allowed";
  throw refuse(`"${hostname}", ${state}`, `If you trust it, give --allow-host ${hostname}`);
}

function matches(hostname: string, pattern: string): boolean {
  if (!pattern.startsWith("*.")) return hostname === pattern;
  return classifyAddress(hostname) === null && hostname.endsWith(pattern.slice(1)) && hostname.length >= pattern.length;
}
