import { formatSize } from "../../lib/base/mod.ts";
import { chartOf, ratioCriterion } from "./_criteria.ts";
import { SIDE } from "./_one_file.ts";
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
      criteria: [
        ratioCriterion(runs, { of: SIDE.ours, to: SIDE.curl, limit: 1 }),
        ratioCriterion(runs, { of: SIDE.ours, to: SIDE.aria2, limit: 0.6 }),
      ],
      charts: [
        chartOf(runs, {
          title: "Wall time",
          metric: "seconds",
          unit: "seconds",
          shares: [{ of: SIDE.curl, share: 1 }, { of: SIDE.aria2, share: 0.6 }],
        }),
      ],
      notes: [...notes, "axel has no option for a trusted authority, so it is left out."],
    };
  },
};
