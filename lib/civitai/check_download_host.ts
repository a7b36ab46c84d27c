import { classifyAddress, isLoopback } from "../base/mod.ts";
import { FailureError } from "../failsafe/mod.ts";

/** Rules that decide from which hosts files may be fetched. */
export interface HostRules {
  /** Host names, or `*.` followed by a domain. Ports are ignored. */
  readonly allowedHosts: readonly string[];
  /** Whether the API itself runs on this machine, as in tests. If so, http and loopback addresses are allowed. */
  readonly isBaseLoopback: boolean;
}

/** Options of {@linkcode checkDownloadHost}. */
export interface CheckDownloadHostOptions extends HostRules {
  /** The attempted action, to complete "Cannot …". */
  readonly what: string;
}

const SUSPICIOUS_HINT =
  "Civitai never sends such an address: report it to Civitai, and check that no proxy or name server answers in its place";

/**
 * Check an address that came from the network, and refuse hosts that are not allowed. A hijacked response must not make
 * the program fetch from a router or another machine on the local network. Call this for every redirect, link and image
 * address, at each hop. An IP address must be public and listed literally.
 *
 * @param url The address from the server
 * @param options The rules, and the action that messages name
 * @throws {FailureError} `refused-host` if the address is not allowed
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkDownloadHost, STORAGE_HOSTS } from "@civitai-dl/civitai-dl/civitai";
 *
 * const options = { allowedHosts: STORAGE_HOSTS, isBaseLoopback: false, what: "fetch the file" };
 * checkDownloadHost(new URL("https://b2.civitai.com/file/a.safetensors"), options);
 * assertThrows(() => checkDownloadHost(new URL("https://192.168.0.1/a.safetensors"), options), Error, "192.168.0.1");
 * ```
 */
export function checkDownloadHost(url: URL, options: CheckDownloadHostOptions): void {
  const { allowedHosts, isBaseLoopback, what } = options;
  const { hostname, protocol } = url;
  const refuse = (state: string, hint: string): FailureError =>
    new FailureError("refused-host", `Cannot ${what}: the server points to ${state}`, { hint });
  if (protocol !== "https:" && protocol !== "http:") {
    throw refuse(`a "${protocol}" address, which is never followed`, SUSPICIOUS_HINT);
  }
  if (url.username !== "" || url.password !== "") throw refuse(`"${hostname}", with a password in it`, SUSPICIOUS_HINT);
  if (protocol === "http:" && !isBaseLoopback) {
    throw refuse(`"${hostname}" over http, which is not encrypted`, "Only https is followed");
  }
  if (isBaseLoopback && isLoopback(hostname)) return;
  const kind = classifyAddress(hostname);
  if (isLoopback(hostname) || (kind !== null && kind !== "public")) {
    throw refuse(`"${hostname}", which is ${kind ?? "loopback"} and never followed`, SUSPICIOUS_HINT);
  }
  if (allowedHosts.some((pattern) => matches(hostname, pattern.toLowerCase()))) return;
  const state = kind === null ? "which is not a known storage host" : "which is an IP address that is not allowed";
  throw refuse(`"${hostname}", ${state}`, `If you trust it, pass --allow-host ${hostname}`);
}

function matches(hostname: string, pattern: string): boolean {
  if (!pattern.startsWith("*.")) return hostname === pattern;
  return classifyAddress(hostname) === null && hostname.endsWith(pattern.slice(1)) && hostname.length >= pattern.length;
}
