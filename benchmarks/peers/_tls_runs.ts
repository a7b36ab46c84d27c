import type { SideRuns } from "../../lib/bench/mod.ts";
import { localCertificate } from "./_certificate.ts";
import { oneFileSides } from "./_one_file.ts";
import { randomFile, type ServedFile, servedFolder } from "./_random_file.ts";
import { takeTurns } from "./_turns.ts";
import { startWebServer } from "./_web_server.ts";
import type { PeerBench } from "./target.ts";

/** The runs over TLS, and notes on absent peers. */
export interface TlsRuns {
  readonly file: ServedFile;
  readonly runs: readonly SideRuns[];
  readonly notes: readonly string[];
}

/** Fetch one large file over TLS. P2 and P7 use the same runs. */
export function tlsRuns(bench: PeerBench): Promise<TlsRuns> {
  return bench.once("tls runs", async () => {
    bench.tools.need("nginx", "sha256sum");
    const certificate = await localCertificate(bench);
    const file = await randomFile(bench, Math.round(bench.scale * 2 ** 31));
    await using server = await startWebServer(bench, { root: await servedFolder(bench), certificate });
    const { sides, notes } = await oneFileSides(bench, {
      id: "tls",
      origin: server.origin,
      file,
      certificate,
      peers: ["curl", "aria2", "wget2"],
    });
    return { file, notes, runs: await takeTurns(bench, { id: "P2/P7", sides }) };
  });
}
