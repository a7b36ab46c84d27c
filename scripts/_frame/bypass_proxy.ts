import { systemEnv } from "../../lib/base/mod.ts";

/** Addresses of this machine, in the forms that the platform compares. */
const LOOPBACK = ["127.0.0.1", "127.0.0.0/8", "localhost", "[::1]", "::1"];

/**
 * Exclude this machine from any proxy: a proxy on another machine would connect to its own loopback. Call it before the
 * first connection, when the platform reads the variable.
 */
export function bypassProxy(): void {
  const known = systemEnv("NO_PROXY") ?? systemEnv("no_proxy");
  try {
    Deno.env.set("NO_PROXY", [...known === undefined ? [] : [known], ...LOOPBACK].join(","));
  } catch (error) {
    // Without permission the variable stays as it is; a failed request then names the proxy in its hint.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}
