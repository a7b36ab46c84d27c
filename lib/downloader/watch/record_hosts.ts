import type { HostReading } from "../hosts/host_watch.ts";
import type { DownloadInstruments } from "./download_instruments.ts";

/**
 * Set the gauge of the speed of each host. Call this at each beat of a journal. A host about which nothing was measured
 * lately counts as one that has its usual speed, because a gauge keeps its value.
 *
 * @param instruments The gauge to set
 * @param hosts Hosts of the run
 */
export function recordHosts(
  { hostSpeed }: Pick<DownloadInstruments, "hostSpeed">,
  hosts: readonly Pick<HostReading, "host" | "speed" | "slowSince">[],
): void {
  for (const { host, speed, slowSince } of hosts) {
    if (speed !== null || slowSince === null) hostSpeed.set(speed?.ratio ?? 1, { host });
  }
}
