import { formatSize } from "../../lib/base/mod.ts";
import type { BenchSide } from "../../lib/bench/mod.ts";
import { chartOf, ratioClaim, slowerOf } from "./_claims.ts";
import { GOALS, sharesOf } from "./_goals.ts";
import { LIMIT, LIMIT_SIDE, machineLimit } from "./_machine_limit.ts";
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
    const measured = [...sides, ...await machineLimit(bench, file)].map((side): BenchSide => ({
      ...side,
      async run(context) {
        // The server's work for earlier runs does not count.
        await server.takeCpuSeconds();
        const sample = await side.run(context);
        const serverCpuSeconds = await server.takeCpuSeconds();
        return serverCpuSeconds === null ? sample : { ...sample, figures: { serverCpuSeconds } };
      },
    }));
    const runs = await takeTurns(bench, { id: "P1", sides: measured });
    const compared = [...runs, slowerOf(runs, LIMIT, [LIMIT_SIDE.written, LIMIT_SIDE.hashed])];
    return {
      runs,
      workload: `${formatSize(file.bytes)} of random bytes from nginx on loopback, by profile ${bench.engine}. ` +
        "The clock stops when the SHA-256 is known and right, for all. Beside them, the limit of the machine: dd copies " +
        "the same file to the disk, and sha256sum reads it.",
      claims: GOALS.P1.map((goal) => ratioClaim(compared, goal)),
      charts: [
        chartOf(runs, {
          title: "Wall time",
          metric: "seconds",
          unit: "seconds",
          shares: sharesOf(GOALS.P1),
        }),
        chartOf(runs, { title: "Processor time per GiB", metric: "cpuSecondsPerGib", unit: "seconds per GiB" }),
        chartOf(runs, { title: "Processor time of the server", metric: "serverCpuSeconds", unit: "seconds" }),
        chartOf(runs, { title: "Peak memory", metric: "peakRssBytes", unit: "bytes" }),
      ],
      notes: [
        ...notes,
        "The peers do not flush to disk, so the side that is compared with them does not either; the program does by default.",
        "The server works on the same processors as the side that it serves.",
      ],
    };
  },
};
