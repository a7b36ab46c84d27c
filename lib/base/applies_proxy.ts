import type { Env } from "./env.ts";

/**
 * Whether the environment may ask for a proxy on the way to a URL. It says yes where it is not sure, such as for ranges
 * of addresses in `NO_PROXY`: who then leaves the request to `fetch` gets what `fetch` decides.
 *
 * @param url Where to
 * @param env The environment: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, also in lower case
 * @returns False only if no proxy is meant
 */
export function appliesProxy(url: URL, env: Env): boolean {
  const read = (name: string): string | undefined => env(name) ?? env(name.toLowerCase());
  const own = url.protocol === "https:" ? read("HTTPS_PROXY") : read("HTTP_PROXY");
  if (own === undefined && read("ALL_PROXY") === undefined) return false;
  return !isExempt(url.hostname, read("NO_PROXY") ?? "");
}

function isExempt(hostname: string, list: string): boolean {
  return list.split(",").map((entry) => entry.trim().toLowerCase()).some((entry) => {
    if (entry === "*") return true;
    const name = entry.replace(/^\./, "");
    return name !== "" && (hostname === name || hostname.endsWith(`.${name}`));
  });
}
