import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { BenchSide, SideRuns } from "../../lib/bench/mod.ts";
import {
  localCertificate,
  ownFolder,
  type PeerBench,
  programEnv,
  programWords,
  randomFile,
  runProgram,
  servedFolder,
  startWebServer,
  takeTurns,
} from "../peers/mod.ts";
import type { SideResult } from "./run_side.ts";
import { nameOfSpec, type SideSpec } from "./side_spec.ts";

/**
 * Run the sides in turn, each run in a process of its own.
 *
 * @param specs The sides; equal specs run once
 * @param bytes Bytes that each side fetches, over all of its files
 * @returns The runs, by the names of the specs
 */
export async function runSpecs(
  bench: PeerBench,
  specs: readonly SideSpec[],
  bytes: number,
): Promise<ReadonlyMap<string, SideRuns>> {
  bench.tools.need("nginx", "openssl", "sha256sum");
  const certificate = await localCertificate(bench);
  const root = await servedFolder(bench);
  await using plain = await startWebServer(bench, { root });
  await using secure = await startWebServer(bench, { root, certificate, server: "http2 on;" });
  const folder = await ownFolder(bench, "transports");
  const unique = [...new Map(specs.map((spec) => [nameOfSpec(spec), spec])).values()];
  const sides: BenchSide[] = [];
  for (const spec of unique) {
    const file = await randomFile(bench, Math.ceil(bytes / spec.files));
    const url = `${(spec.isSecure ? secure : plain).origin}/${file.name}`;
    const command = [...programWords("benchmarks/transports/run_side.ts"), JSON.stringify(spec), url, `${file.bytes}`];
    const env = { ...programEnv(folder), DENO_CERT: certificate.authority };
    const options = { cwd: folder, env, bytes: file.bytes * spec.files, signal: bench.signal };
    let stdout = "";
    sides.push({
      name: nameOfSpec(spec),
      prepare: () => removeFiles(folder),
      async run() {
        const sample = await runProgram([...command, folder, certificate.authority], options);
        stdout = sample.stdout;
        return sample;
      },
      async check(_sample, { round }) {
        const results: readonly SideResult[] = JSON.parse(stdout);
        const areRight = results.every((one) =>
          one.bytes === file.bytes && (one.sha256 ?? file.sha256) === file.sha256
        );
        if (!areRight) {
          throw new KitError("integrity", `Cannot accept the run of "${nameOfSpec(spec)}": wrong size or SHA-256`);
        }
        // The digest that a side reports need not cover what is on the disk, so check the file too; once is enough.
        if (round === 0 && spec.writes) await checkFile(join(folder, "out-0.bin"), file.sha256);
        await removeFiles(folder);
      },
    });
  }
  const runs = await takeTurns(bench, { id: "T", sides });
  return new Map(runs.map((side) => [side.name, side]));
}

async function checkFile(path: string, sha256: string): Promise<void> {
  const { stdout } = await runProgram(["sha256sum", path]);
  if (!stdout.startsWith(sha256)) throw new KitError("integrity", `Cannot accept a run: "${path}" has another SHA-256`);
}

async function removeFiles(folder: string): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.startsWith("out-")) await Deno.remove(join(folder, entry.name));
  }
}
