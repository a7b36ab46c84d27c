import { systemClock } from "../../base/mod.ts";
import type { Sandbox } from "../../sandbox/mod.ts";

/** Longest time that a server needs to notice closed connections, in milliseconds. */
const QUIET_MS = 5000;

/** Wait until a sandbox has no open exchanges, at most 5 s: a request that was cut ends there a moment later. */
export async function untilQuiet(sandbox: Pick<Sandbox, "openExchanges">): Promise<void> {
  const until = performance.now() + QUIET_MS;
  do await systemClock.sleep(10); while (sandbox.openExchanges > 0 && performance.now() < until);
}
