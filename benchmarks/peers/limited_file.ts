import { formatSize } from "../../lib/base/mod.ts";
import type { BenchSide } from "../../lib/bench/mod.ts";
import { busyConnections } from "./_busy_connections.ts";
import { chartOf, peakClaim, ratioClaim } from "./_claims.ts";
import { GOALS, sharesOf } from "./_goals.ts";
import { oneFileSides, SIDE } from "./_one_file.ts";
import { randomFile, servedFolder } from "./_random_file.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerTarget } from "./target.ts";

/** Wall time and connections for one large file from a server that limits each connection. */
export const limitedFile: PeerTarget = {
  id: "P3",
  title: "One large file from a server that limits each connection",
  async measure(bench) {
    bench.tools.need("nginx", "sha256sum");
    const file = await randomFile(bench, Math.round(bench.scale * 2 ** 30));
    await using server = await startWebServer(bench, { root: await servedFolder(bench), limitRate: "50m" });
    const { sides, notes } = await oneFileSides(bench, {
      id: "p3",
      origin: server.origin,
      file,
      peers: ["aria2", "axel"],
    });
    const counted = sides.map((side): BenchSide => ({
      ...side,
      async run(context) {
        // Requests of earlier runs do not count.
        await server.takeRequests();
        const sample = await side.run(context);
        return { ...sample, figures: { connections: busyConnections(await server.takeRequests()) } };
      },
    }));
    const runs = await takeTurns(bench, { id: "P3", sides: counted });
    return {
      runs,
      workload: `${formatSize(file.bytes)} from nginx on loopback that sends 50 MiB a second on each connection, by ` +
        `profile ${bench.engine}. The clock stops when the SHA-256 is known and right.`,
      claims: [
        ...GOALS.P3.map((goal) => ratioClaim(runs, goal)),
        peakClaim(runs, {
          of: SIDE.ours,
          metric: "connections",
          unit: "",
          what: "connections at once, at most in any run",
          limit: 4,
        }),
      ],
      charts: [
        chartOf(runs, {
          title: "Wall time",
          metric: "seconds",
          unit: "seconds",
          shares: sharesOf(GOALS.P3),
        }),
        chartOf(runs, { title: "Connections at once", metric: "connections", unit: "count" }),
      ],
      notes,
    };
  },
};
