import { formatSize } from "../../lib/base/mod.ts";
import { chartOf, ratioCriterion } from "./_criteria.ts";
import { SIDE } from "./_one_file.ts";
import { tlsRuns } from "./_tls_runs.ts";
import type { PeerTarget } from "./target.ts";

/** Processor time per verified GiB. */
export const p7: PeerTarget = {
  id: "P7",
  title: "Processor time of a verified GiB over HTTPS",
  async measure(bench) {
    const { file, runs, notes } = await tlsRuns(bench);
    return {
      runs,
      workload:
        `The runs of P2: ${formatSize(file.bytes)} over TLS, by profile ${bench.engine}. User and system time ` +
        "of all processes that a side starts; the server's own is not in it.",
      criteria: [ratioCriterion(runs, { of: SIDE.ours, to: SIDE.curl, metric: "cpuSecondsPerGib", limit: 2 })],
      charts: [
        chartOf(runs, {
          title: "Processor time per GiB",
          metric: "cpuSecondsPerGib",
          unit: "seconds per GiB",
          shares: [{ of: SIDE.curl, share: 2 }],
        }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes,
    };
  },
};
