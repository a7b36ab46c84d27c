import { systemEnv } from "../../lib/base/mod.ts";

/** This machine, in the forms that the platform compares. */
const LOOPBACK = ["127.0.0.1", "127.0.0.0/8", "localhost", "[::1]", "::1"];

/**
 * Keep requests to this machine away from any proxy: a proxy may be elsewhere, and then its loopback is not ours. The
 * platform reads the variable when it first connects, so this comes before.
 */
export function bypassProxy(): void {
  const known = systemEnv("NO_PROXY") ?? systemEnv("no_proxy");
  try {
    Deno.env.set("NO_PROXY", [...known === undefined ? [] : [known], ...LOOPBACK].join(","));
  } catch (error) {
    // Without permission for the variable whoever gave the permissions decides; a failure names the proxy in its hint.
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
  }
}
