import { join } from "node:path";
import { systemClock } from "../../lib/base/mod.ts";
import type { ActiveHost } from "../../lib/library/mod.ts";
import { joinHosts, readActive } from "../../lib/monitor/mod.ts";

/** The hosts of the runs under way. */
interface RunHosts {
  /** Those whose speed is compared with their usual one; the slow ones first. */
  readonly hosts: readonly ActiveHost[];
  /** Those from which files are on their way. */
  readonly inUse: readonly string[];
}

/** Read which hosts the runs under way use. */
export async function readHosts(folder: string): Promise<RunHosts> {
  const active = await readActive(join(folder, "active"), { now: systemClock.now() });
  const inUse = active.flatMap(({ downloads }) => downloads.flatMap(({ host }) => host ?? []));
  return { hosts: joinHosts(active), inUse: [...new Set(inUse)] };
}
