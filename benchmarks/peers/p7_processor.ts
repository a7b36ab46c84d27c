import { formatSize } from "../../lib/base/mod.ts";
import { chartOf, ratioCriterion } from "./_criteria.ts";
import { GOALS, sharesOf } from "./_goals.ts";
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
      criteria: GOALS.P7.map((goal) => ratioCriterion(runs, { ...goal, metric: "cpuSecondsPerGib" })),
      charts: [
        chartOf(runs, {
          title: "Processor time per GiB",
          metric: "cpuSecondsPerGib",
          unit: "seconds per GiB",
          shares: sharesOf(GOALS.P7),
        }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes,
    };
  },
};
