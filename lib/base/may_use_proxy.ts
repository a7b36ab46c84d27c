import type { Env } from "./env.ts";

/**
 * Check whether the environment configures a proxy for requests to a URL. In case of doubt, for example with address
 * ranges in `NO_PROXY`, the result is true: the caller then leaves the request to `fetch`, which makes the actual
 * decision.
 *
 * @param env The environment: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, also in lower case
 * @returns False only if no proxy can apply
 */
export function mayUseProxy(url: URL, env: Env): boolean {
  const read = (name: string): string | undefined => env(name) ?? env(name.toLowerCase());
  const schemeProxy = url.protocol === "https:" ? read("HTTPS_PROXY") : read("HTTP_PROXY");
  if (schemeProxy === undefined && read("ALL_PROXY") === undefined) return false;
  return !isExempt(url.hostname, read("NO_PROXY") ?? "");
}

function isExempt(hostname: string, list: string): boolean {
  return list.split(",").map((entry) => entry.trim().toLowerCase()).some((entry) => {
    if (entry === "*") return true;
    const name = entry.replace(/^\./, "");
    return name !== "" && (hostname === name || hostname.endsWith(`.${name}`));
  });
}
