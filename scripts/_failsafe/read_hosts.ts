import { join } from "node:path";
import { systemClock } from "../../lib/base/mod.ts";
import { joinHosts, readActive, type StatusHost } from "../../lib/monitor/mod.ts";

/**
 * Read the hosts that running downloads use.
 *
 * @returns The hosts, compared with their usual speed; the slow ones first
 */
export async function readHosts(folder: string): Promise<readonly StatusHost[]> {
  return joinHosts(await readActive(join(folder, "active"), { now: systemClock.now() }));
}
