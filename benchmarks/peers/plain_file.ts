import { formatSize } from "../../lib/base/mod.ts";
import { chartOf, ratioClaim } from "./_claims.ts";
import { GOALS, sharesOf } from "./_goals.ts";
import { oneFileSides } from "./_one_file.ts";
import { randomFile, servedFolder } from "./_random_file.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerTarget } from "./target.ts";

/** Wall time for one large file over plain HTTP. */
export const plainFile: PeerTarget = {
  id: "P1",
  title: "One large file over plain HTTP, verified",
  async measure(bench) {
    bench.tools.need("nginx", "sha256sum");
    const file = await randomFile(bench, Math.round(bench.scale * 2 ** 31));
    await using server = await startWebServer(bench, { root: await servedFolder(bench) });
    const { sides, notes } = await oneFileSides(bench, {
      id: "p1",
      origin: server.origin,
      file,
      withFlushed: true,
      peers: ["curl", "aria2", "wget2", "axel"],
    });
    const runs = await takeTurns(bench, { id: "P1", sides });
    return {
      runs,
      workload: `${formatSize(file.bytes)} of random bytes from nginx on loopback, by profile ${bench.engine}. ` +
        "The clock stops when the SHA-256 is known and right, for all.",
      claims: GOALS.P1.map((goal) => ratioClaim(runs, goal)),
      charts: [
        chartOf(runs, {
          title: "Wall time",
          metric: "seconds",
          unit: "seconds",
          shares: sharesOf(GOALS.P1),
        }),
        chartOf(runs, { title: "Processor time per GiB", metric: "cpuSecondsPerGib", unit: "seconds per GiB" }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes: [
        ...notes,
        "The peers do not flush to disk, so the side that is compared with them does not either; the program does by default.",
      ],
    };
  },
};
