import { systemEnv } from "../../lib/base/mod.ts";

/** Addresses of this machine, in the forms that the platform recognizes. */
const LOOPBACK = ["127.0.0.1", "127.0.0.0/8", "localhost", "[::1]", "::1"];

/**
 * Exclude this machine from any proxy: a proxy on another machine would connect to its own loopback interface. Call
 * this before the first connection, which is when the platform reads the variable.
 */
export function bypassProxy(): void {
  const known = systemEnv("NO_PROXY") ?? systemEnv("no_proxy");
  try {
    Deno.env.set("NO_PROXY", [...known === undefined ? [] : [known], ...LOOPBACK].join(","));
  } catch (error) {
    // Without permission the variable remains unchanged. The hint of a failed request then mentions the proxy.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}
