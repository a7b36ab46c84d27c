import { formatSize } from "../../lib/base/mod.ts";
import { localCertificate } from "./_certificate.ts";
import { chartOf, ratioClaim } from "./_claims.ts";
import { GOALS, sharesOf } from "./_goals.ts";
import { oneFileSides } from "./_one_file.ts";
import { randomFile, servedFolder } from "./_random_file.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerTarget } from "./target.ts";

/** Wall time for one large file over HTTPS. */
export const tlsFile: PeerTarget = {
  id: "P2",
  title: "One large file over HTTPS, verified",
  async measure(bench) {
    bench.tools.need("nginx", "sha256sum");
    const certificate = await localCertificate(bench);
    const file = await randomFile(bench, Math.round(bench.scale * 2 ** 31));
    await using server = await startWebServer(bench, { root: await servedFolder(bench), certificate });
    const { sides, notes } = await oneFileSides(bench, {
      id: "p2",
      origin: server.origin,
      file,
      certificate,
      peers: ["curl", "aria2", "wget2"],
    });
    const runs = await takeTurns(bench, { id: "P2", sides });
    return {
      runs,
      workload: `${formatSize(file.bytes)} of random bytes from nginx on loopback over TLS with a certificate of a ` +
        `local authority that all clients check, by profile ${bench.engine}. The clock stops when the SHA-256 is right.`,
      claims: GOALS.P2.map((goal) => ratioClaim(runs, goal)),
      charts: [
        chartOf(runs, { title: "Wall time", metric: "seconds", unit: "seconds", shares: sharesOf(GOALS.P2) }),
        chartOf(runs, { title: "Processor time per GiB", metric: "cpuSecondsPerGib", unit: "seconds per GiB" }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes: [...notes, "axel has no option for a trusted authority, so it is left out."],
    };
  },
};
