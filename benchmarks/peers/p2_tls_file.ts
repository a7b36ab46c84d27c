import { formatSize } from "../../lib/base/mod.ts";
import { chartOf, ratioCriterion } from "./_criteria.ts";
import { GOALS, sharesOf } from "./_goals.ts";
import { tlsRuns } from "./_tls_runs.ts";
import type { PeerTarget } from "./target.ts";

/** Wall time for one large file over HTTPS. */
export const p2: PeerTarget = {
  id: "P2",
  title: "One large file over HTTPS, verified",
  async measure(bench) {
    const { file, runs, notes } = await tlsRuns(bench);
    return {
      runs,
      workload: `${formatSize(file.bytes)} of random bytes from nginx on loopback over TLS with a certificate of a ` +
        `local authority that all clients check, by profile ${bench.engine}. The clock stops when the SHA-256 is right.`,
      criteria: GOALS.P2.map((goal) => ratioCriterion(runs, goal)),
      charts: [
        chartOf(runs, {
          title: "Wall time",
          metric: "seconds",
          unit: "seconds",
          shares: sharesOf(GOALS.P2),
        }),
      ],
      notes: [...notes, "axel has no option for a trusted authority, so it is left out."],
    };
  },
};
